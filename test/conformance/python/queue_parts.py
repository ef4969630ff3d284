"""What the rows for queues share: the parts of their specs, and the queue of a row."""

from table import mpctl

unbounded = {'queues': {'queue': {}}}
joinable = {'@queue': ['put', 'get', 'task_done']}


def the_queue(n, kind=None):
    return (kind or mpctl.Queue)(n('queue'))
