#!/usr/bin/python3
"""The world outside, for stories about mail: a real SMTP server (aiosmtpd) and a stand-in for SendGrid. What each took stands in a file, a JSON
object a line. How somebody is treated stands in their address: gone@ has no mailbox, later@ is asked to come again once, broken@ and broken*@ lose the
line after the mail was taken, busy@ is told 429 once, error@ 500 once, slow@ waits. With a Maildir, what is for post@zon.test is delivered there, or laid down as FOLDER/held while there is such a
folder; what is for many@ takes its time. It must never send anything anywhere but to the one hook it is told of.
usage: mail_world.py SMTP_PORT HTTP_PORT FILE [MAILDIR]"""
import asyncio, base64, email, email.policy, hashlib, json, os, sys, threading, time, urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from aiosmtpd.smtp import SMTP

smtp_port, http_port, path = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
lock, seen, events = threading.Lock(), set(), {"hook": None}
maildir = sys.argv[4] if len(sys.argv) > 4 else None


def deliver(content):
    """As a mail server does: whole, or not at all."""
    name = "%d.world.test" % time.time_ns()
    held = os.path.join(maildir, "held")
    with open(os.path.join(maildir, "tmp", name), "wb") as f:
        f.write(content)
    os.rename(f.name, os.path.join(held if os.path.isdir(held) else os.path.join(maildir, "new"), name))


def keep(row):
    with lock, open(path, "a") as f:
        f.write(json.dumps(row) + "\n")


def first(what):
    """True at the first asking."""
    with lock:
        new = what not in seen
        seen.add(what)
    return new


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("gone@"):
            return "550 5.1.1 there is no such mailbox"
        if address.startswith("later@") and first("smtp " + address):
            return "451 4.7.1 come again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        m = email.message_from_bytes(envelope.content, policy=email.policy.default)
        text = m.get_body(("plain",))
        html = m.get_body(("html",))
        keep({"by": "smtp", "to": envelope.rcpt_tos, "from": envelope.mail_from, "subject": m["subject"], "id": m["message-id"], "head_to": m["to"],
              "cc": m["cc"], "bcc": m["bcc"], "reply_to": m["reply-to"], "refs": m["references"], "unsubscribe": m["list-unsubscribe"], "one_click": m["list-unsubscribe-post"],
              "auto": m["auto-submitted"], "date": m["date"], "text": text.get_content() if text else None, "html": html.get_content() if html else None,
              "files": [[a.get_filename(), a.get_content_type(), len(a.get_payload(decode=True))] for a in m.iter_attachments()],
              "sums": [hashlib.sha256(a.get_payload(decode=True)).hexdigest() for a in m.iter_attachments()],
              "shown": [[p["content-id"].strip("<>"), p.get_content_disposition(), p.get_filename(), len(p.get_payload(decode=True))] for p in m.walk() if p["content-id"]],
              "parts": [p.get_content_type() for p in m.walk()],
              "defects": [str(d) for d in m.defects], "longest": max(len(x) for x in envelope.content.split(b"\r\n"))})
        if maildir and envelope.rcpt_tos[0] == "post@zon.test":
            deliver(envelope.content)
        if envelope.rcpt_tos[0].startswith("many"):
            await asyncio.sleep(0.004)
        if envelope.rcpt_tos[0].startswith("broken") and first("smtp " + envelope.rcpt_tos[0]):
            server.transport.abort()
        return "250 2.0.0 taken"


class Provider(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *a):
        pass

    def answer(self, status, body=b"", **head):
        self.send_response(status)
        for k, v in head.items():
            self.send_header(k.replace("_", "-"), v)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self):
        """/hook: where events go from now on."""
        events["hook"] = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.answer(200)

    def do_GET(self):
        """The domains that are authenticated there, of one who may know."""
        if self.headers["Authorization"] != "Bearer SG.right":
            return self.answer(403, b'{"errors":[{"message":"access forbidden"}]}')
        domain = self.path.split("domain=")[-1]
        row = lambda host, to: {"host": host + "." + domain, "type": "cname", "data": to + ".wl.sendgrid.net", "valid": False}
        self.answer(200, json.dumps([{"domain": domain, "valid": False, "dns": {"mail_cname": row("em7", "u7"), "dkim1": row("s1._domainkey", "s1.domainkey.u7"),
                                                                                "dkim2": row("s2._domainkey", "s2.domainkey.u7")}}]).encode())

    def do_POST(self):
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        m = json.loads(raw)
        person = m["personalizations"][0]
        to = person["to"][0]["email"]
        if self.headers["Authorization"] != "Bearer SG.right":
            return self.answer(401, b'{"errors":[{"message":"The provided authorization grant is invalid"}]}')
        if to.startswith("busy@") and first(to):
            return self.answer(429, b'{"errors":[{"message":"too many requests"}]}', X_RateLimit_Reset=str(int(time.time()) + 1))
        if to.startswith("error@") and first(to):
            return self.answer(500, b"oops")
        if to.startswith("gone@"):
            return self.answer(400, b'{"errors":[{"message":"Does not contain a valid address.","field":"personalizations.0.to"}]}')
        if to.startswith("slow@"):
            time.sleep(1)
        name = "%s.%d" % (base64.b32encode(to.encode()).decode().strip("=")[:20], time.time_ns())
        keep({"by": "sendgrid", "to": [to], "subject": m["subject"], "id": m["headers"]["Message-ID"], "args": person["custom_args"], "content": [c["type"] for c in m["content"]],
              "files": [[f["filename"], f["type"], len(base64.b64decode(f["content"]))] for f in m.get("attachments", []) if f["disposition"] == "attachment"],
              "html": m["content"][-1]["value"],
              "shown": [[f["content_id"], f["disposition"], f["filename"], len(base64.b64decode(f["content"]))] for f in m.get("attachments", []) if "content_id" in f]})
        if events["hook"]:
            threading.Thread(target=self.tell, args=(to, m, person, name)).start()
        if to.startswith("broken") and first("http " + to):
            self.close_connection = True
            self.connection.close()
            return
        self.answer(202, X_Message_Id=name)

    def tell(self, to, m, person, name):
        rows = [{"email": to, "event": e, "timestamp": int(time.time()), "sg_event_id": "%s-%s" % (e, name), "sg_message_id": name + ".0",
                 "smtp-id": m["headers"]["Message-ID"], **person["custom_args"]} for e in ("delivered", "processed")]
        body = json.dumps(rows).encode()
        for _ in range(100):
            try:
                urllib.request.urlopen(urllib.request.Request(events["hook"], body, {"Content-Type": "application/json"}), timeout=10)
                return
            except Exception:
                time.sleep(0.2)


ThreadingHTTPServer.request_queue_size = 128
threading.Thread(target=ThreadingHTTPServer(("127.0.0.1", http_port), Provider).serve_forever, daemon=True).start()
loop = asyncio.new_event_loop()
loop.run_until_complete(loop.create_server(lambda: SMTP(Handler(), enable_SMTPUTF8=True, loop=loop), "127.0.0.1", smtp_port))
print("ready", flush=True)
loop.run_forever()
