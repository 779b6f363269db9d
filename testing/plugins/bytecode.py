"""Write bytecode, also where PYTHONDONTWRITEBYTECODE is set.

Without it, each process that a test starts compiles the project anew, and each process of the run compiles every test.
Python writes only where it may, and git ignores what it writes.
"""

import os
import sys

sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # child processes inherit it
