"""Calls a Lambda handler as its runtime would: `drive.py FOLDER MODULE`, one event a line in, one reply a line out."""

import importlib
import json
import sys

folder, module = sys.argv[1:]
sys.path.insert(0, folder)
handler = importlib.import_module(module).handler

for line in sys.stdin:
    print(json.dumps(handler(json.loads(line), None)), flush=True)
