"""Name this machine as reached without a proxy: for any other, `requests` searches the environment at every call."""

import os

os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"
