# A worker in bash: each call is a verb of mpctl.
order=$(mpctl queue get orders)
mpctl lock acquire book
mpctl value set total --json $(($(mpctl value get total) + order))
mpctl lock release book
mpctl queue put receipts "bash took an order"
