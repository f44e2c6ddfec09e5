"""What the stand-ins that speak HTTP share: an answer of JSON with its length, a whole body, and silence on the terminal."""
import json
from http.server import BaseHTTPRequestHandler


class Answerer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *a):
        pass

    def answer(self, status, o):
        body = json.dumps(o).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def body(self):
        return self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
