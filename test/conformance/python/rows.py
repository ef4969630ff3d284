"""Runs one row of the table as a worker: `python3 rows.py ROW [PARTY]`.

`--list` prints the table as JSON; `--spec KIND COMMAND…` prints the spec of a run of all rows of a kind.
"""

import sys

import rows_barrier  # noqa: F401 - each module puts its rows into the table
import rows_condition  # noqa: F401
import rows_event  # noqa: F401
import rows_joinable_queue  # noqa: F401
import rows_lock  # noqa: F401
import rows_lock_interrupted  # noqa: F401
import rows_pipe  # noqa: F401
import rows_pool  # noqa: F401
import rows_process  # noqa: F401
import rows_queue  # noqa: F401
import rows_queue_bounded  # noqa: F401
import rows_queue_interrupted  # noqa: F401
import rows_rlock  # noqa: F401
import rows_semaphore  # noqa: F401
import rows_timeout  # noqa: F401
import rows_value  # noqa: F401
import table

if __name__ == '__main__':
    table.main(sys.argv[1:])
