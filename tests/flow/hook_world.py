#!/usr/bin/python3
"""Who receives webhooks, for stories. Each signature is checked here by another library than ours. It must never listen anywhere but on this machine.
PUT /mode {"status": what is answered, "secrets": [whsec_…, any of which may have signed]}
GET /heard {"ids": webhook-ids as they came, "types", "bad": how many had no good signature}
usage: hook_world.py PORT"""
import base64, hashlib, hmac, json, sys, threading, time
from http.server import ThreadingHTTPServer
from world import Answerer

lock, mode, heard = threading.Lock(), {"status": 200, "secrets": []}, {"ids": [], "types": [], "deals": [], "bad": 0, "signatures": 0}


def good(headers, body):
    signed = (headers["webhook-id"] + "." + headers["webhook-timestamp"] + "." + body).encode()
    given = [s.split(",", 1)[1] for s in headers["webhook-signature"].split(" ")]
    heard["signatures"] = len(given)
    keys = [base64.b64decode(s[len("whsec_"):]) for s in mode["secrets"]]
    right = [base64.b64encode(hmac.new(k, signed, hashlib.sha256).digest()).decode() for k in keys]
    return abs(time.time() - int(headers["webhook-timestamp"])) < 300 and any(r in given for r in right)


class Receiver(Answerer):
    def do_POST(self):
        body = self.body()
        with lock:
            heard["bad"] += not good(self.headers, body)
            if mode["status"] == 200:
                o = json.loads(body)
                heard["ids"].append(self.headers["webhook-id"])
                heard["types"].append(o["type"])
                heard["deals"].append(o["data"].get("title", ""))
            self.answer(mode["status"], {"heard": True})

    def do_PUT(self):
        with lock:
            mode.update(json.loads(self.body()))
            self.answer(200, mode)

    def do_GET(self):
        with lock:
            self.answer(200, heard)


server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver)
print("ready", flush=True)
server.serve_forever()
