#!/usr/bin/python3
"""A stand-in for a push service: what each browser's address was sent stands in a file, a JSON object a line, body in hex. How it answers stands in the path:
/gone/ 410, /busy/ 429 once, /refuse/ 400, all others 201. It must never look into a message: that is for the browser's key.
usage: push_world.py PORT FILE"""
import json, sys, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

port, path = int(sys.argv[1]), sys.argv[2]
lock, seen = threading.Lock(), set()


class Service(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *a):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with lock:
            new = self.path not in seen
            seen.add(self.path)
            status = 410 if "/gone/" in self.path else 429 if "/busy/" in self.path and new else 400 if "/refuse/" in self.path else 201
            with open(path, "a") as f:
                f.write(json.dumps({"path": self.path, "status": status, "head": {k.lower(): v for k, v in self.headers.items()}, "body": body.hex()}) + "\n")
        self.send_response(status)
        if status == 429:
            self.send_header("Retry-After", "1")
        self.send_header("Content-Length", "0")
        self.end_headers()


server = ThreadingHTTPServer(("127.0.0.1", port), Service)
print("ready", flush=True)
server.serve_forever()
