#!/usr/bin/python3
"""Who receives webhooks, for stories. Each signature is checked here by another library than ours. It must never listen anywhere but on this machine.
PUT /mode {"status": what is answered, "secrets": [whsec_…, any of which may have signed], "only": a word: that status where it stands, else 200,
	"retry_after": a text, or "retry_after_date": seconds from now, "echo": what came is answered, "hold": the beginning of a path whose callers wait}
GET /heard {"ids": webhook-ids as they came, "types", "bodies", "paths", "bad": how many had no good signature, "signatures": of the last one,
	"held": how many wait now}
usage: hook_world.py PORT"""
import base64, email.utils, hashlib, hmac, json, sys, threading, time
from http.server import ThreadingHTTPServer
from world import Answerer

lock, mode = threading.Condition(), {"status": 200, "secrets": []}
heard = {"ids": [], "types": [], "bodies": [], "paths": [], "bad": 0, "signatures": 0, "held": 0}


def good(headers, body):
    signed = (headers["webhook-id"] + "." + headers["webhook-timestamp"] + "." + body).encode()
    given = [s.split(",", 1)[1] for s in headers["webhook-signature"].split(" ")]
    heard["signatures"] = len(given)
    keys = [base64.b64decode(s[len("whsec_"):]) for s in mode["secrets"]]
    right = [base64.b64encode(hmac.new(k, signed, hashlib.sha256).digest()).decode() for k in keys]
    return abs(time.time() - int(headers["webhook-timestamp"])) < 300 and any(r in given for r in right)


class Receiver(Answerer):
    def end_headers(self):
        if self.command == "POST" and "retry_after" in mode:
            self.send_header("Retry-After", mode["retry_after"])
        if self.command == "POST" and "retry_after_date" in mode:
            self.send_header("Retry-After", email.utils.formatdate(time.time() + mode["retry_after_date"], usegmt=True))
        super().end_headers()

    def wait(self):
        heard["held"] += 1
        lock.wait_for(lambda: not mode.get("hold") or not self.path.startswith(mode["hold"]))
        heard["held"] -= 1

    def do_POST(self):
        body = self.body()
        with lock:
            heard["bad"] += not good(self.headers, body)
            if mode.get("hold") and self.path.startswith(mode["hold"]):
                self.wait()
            status = mode["status"] if mode.get("only", "") in body else 200
            if status == 200:
                o = json.loads(body)
                heard["ids"].append(self.headers["webhook-id"])
                heard["types"].append(o["type"])
                heard["bodies"].append(body)
                heard["paths"].append(self.path)
            self.answer(status, {"heard": body if mode.get("echo") else True})

    def do_PUT(self):
        with lock:
            mode.clear()
            mode.update(json.loads(self.body()))
            lock.notify_all()
            self.answer(200, mode)

    def do_GET(self):
        with lock:
            self.answer(200, heard)


class Server(ThreadingHTTPServer):
    request_queue_size = 128  # who is slow to answer is quick to listen


server = Server(("127.0.0.1", int(sys.argv[1])), Receiver)
print("ready", flush=True)
server.serve_forever()
