#!/usr/bin/python3
"""Those who take payments, for stories: Mollie (/v2/payments) and Stripe (/v1/checkout/sessions) as far as billing talks to them. What is asked twice with one
Idempotency-Key is one payment. It must never listen anywhere but on this machine.
PUT /mode {"slow": seconds before each answer, "lose": so many next payments are made but their answer is not given, "key": who may ask}
PUT /payment {"state": of all payments from now on, "refunded": minor units, "disputed": bool, "dispute": how far that is}
GET /made how many payments there are, and the last one's id, hook and invoice
usage: pay_world.py PORT"""
import json, sys, threading, time, urllib.parse
from http.server import ThreadingHTTPServer
from world import Answerer

port = int(sys.argv[1])
lock, mode, now, made, once = threading.Lock(), {"slow": 0, "lose": 0, "key": "test_geheim"}, {"state": "open", "refunded": 0, "disputed": False, "dispute": "needs_response"}, {}, {}


def decimal(minor):
    return "%d.%02d" % (minor // 100, minor % 100)


def mollie(p):
    amount = lambda n: {"value": decimal(n), "currency": p["currency"]}
    o = {"resource": "payment", "id": p["id"], "status": now["state"], "amount": amount(p["minor"]), "metadata": {"invoice_id": p["invoice"], "tenant": p["tenant"]},
         "_links": {"self": {"href": "http://127.0.0.1/"}}}
    if now["state"] == "open":
        o["_links"]["checkout"] = {"href": "https://www.mollie.com/checkout/" + p["id"], "type": "text/html"}
    if now["state"] == "paid":
        o["amountRefunded"] = amount(now["refunded"])
    return o


def stripe(p):
    paid = now["state"] == "paid"
    charge = {"object": "charge", "id": "ch_" + p["id"], "amount_refunded": now["refunded"], "disputed": now["disputed"]}
    intent = {"object": "payment_intent", "id": "pi_" + p["id"], "latest_charge": charge if paid else None}
    return {"object": "checkout.session", "id": p["id"], "amount_total": p["minor"], "currency": p["currency"].lower(), "status": "complete" if paid else "open",
            "payment_status": "paid" if paid else "unpaid", "payment_intent": intent if paid else None, "url": None if paid else "https://checkout.stripe.com/c/" + p["id"],
            "metadata": {"invoice_id": p["invoice"], "tenant": p["tenant"]}}


class Provider(Answerer):
    def known(self):
        time.sleep(mode["slow"])
        if self.headers["Authorization"] == "Bearer " + mode["key"]:
            return True
        self.answer(401, {"status": 401, "title": "Unauthorized", "detail": "Missing authentication, or failed to authenticate", "error": {"message": "Invalid API Key provided"}})
        return False

    def do_POST(self):
        text = self.body()
        if not self.known():
            return
        is_mollie = self.path == "/v2/payments"
        with lock:
            key = self.headers["Idempotency-Key"]
            if key not in once:
                if is_mollie:
                    o = json.loads(text)
                    p = {"minor": int(o["amount"]["value"].replace(".", "")), "currency": o["amount"]["currency"], "invoice": o["metadata"]["invoice_id"], "tenant": o["metadata"]["tenant"],
                         "hook": o["webhookUrl"], "back": o["redirectUrl"]}
                else:
                    q = dict(urllib.parse.parse_qsl(text, strict_parsing=True))
                    p = {"minor": int(q["line_items[0][price_data][unit_amount]"]), "currency": q["line_items[0][price_data][currency]"].upper(), "invoice": q["metadata[invoice_id]"],
                         "tenant": q["metadata[tenant]"], "hook": "", "back": q["success_url"]}
                p["id"] = "%s_%d" % ("tr" if is_mollie else "cs", len(made) + 1)
                made[p["id"]] = once[key] = p
            p = once[key]
            lost = mode["lose"] > 0
            mode["lose"] -= lost
        if lost:
            self.close_connection = True  # it is made, and nobody is told
            return
        self.answer(201 if is_mollie else 200, mollie(p) if is_mollie else stripe(p))

    def do_GET(self):
        at = urllib.parse.urlsplit(self.path)
        if at.path == "/made":
            last = list(made.values())[-1] if made else {}
            return self.answer(200, {"count": len(made), **last})
        if not self.known():
            return
        if at.path == "/v1/disputes":  # of all that was not refunded
            p = made.get(urllib.parse.parse_qs(at.query)["payment_intent"][0].removeprefix("pi_"))
            one = {"object": "dispute", "amount": p["minor"] - now["refunded"], "currency": p["currency"].lower(), "status": now["dispute"]}
            return self.answer(200, {"object": "list", "data": [one] if now["disputed"] else []})
        if at.path in ("/v2/methods", "/v1/checkout/sessions"):  # who asks for no payment wants to know whether the key is taken
            return self.answer(200, {"count": 0, "data": []})
        p = made.get(at.path.split("/")[-1])
        if not p:
            return self.answer(404, {"status": 404, "title": "Not Found", "detail": "No payment exists with that token.", "error": {"message": "No such checkout session"}})
        self.answer(200, mollie(p) if at.path.startswith("/v2/") else stripe(p))

    def do_PUT(self):
        with lock:
            (mode if self.path == "/mode" else now).update(json.loads(self.body()))
        self.answer(200, {})


server = ThreadingHTTPServer(("127.0.0.1", port), Provider)
print("ready", flush=True)
server.serve_forever()
