"""Write bytecode, whatever PYTHONDONTWRITEBYTECODE says: each process that a test starts would compile the project anew.

So would each process of the run compile every test. Python writes only where it may, and git ignores what it writes.
"""

import os
import sys

sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # child processes inherit it
