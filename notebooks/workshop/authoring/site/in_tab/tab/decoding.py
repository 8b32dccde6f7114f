"""JSON in a tab: one nested too deeply raises RecursionError, as it does elsewhere.

Python's decoder in C would take more of the stack than a browser gives, and end the tab's Python. The one in Python does not.
"""

import json
from json import scanner

scanner.make_scanner = scanner.py_make_scanner
json._default_decoder.scan_once = scanner.py_make_scanner(json._default_decoder)
