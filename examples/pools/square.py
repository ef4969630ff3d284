import mpctl

mpctl.serve(lambda number: number * number)
