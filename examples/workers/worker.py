"""A worker in Python: the names of `multiprocessing`, each with the name of the thing in the spec."""

import mpctl

order = mpctl.Queue("orders").get()
total = mpctl.Value("total")
with mpctl.Lock("book"):
    total.value += order
mpctl.Queue("receipts").put("python took an order")
