#!/usr/bin/python3
"""The world outside, for stories about log-ins by OAuth 2: a provider of tokens and a real SMTP server (aiosmtpd, STARTTLS) that takes its tokens by XOAUTH2, or
the password "geheim 1". Its certificate is of an authority of its own, which lies in FOLDER/ca.pem; cert.pem and key.pem beside it. What the server took stands in
FOLDER/mails.jsonl with how its sender came in. It must never listen anywhere but on this machine.
PUT /mode {"forget": tokens are good no longer, "revoke": nor what new ones are asked for with, "away": 503 until further notice, "lasts": seconds}
CA: where the authority's certificate is also put.
usage: oauth_world.py FOLDER SMTP_PORT HTTP_PORT CA"""
import asyncio, base64, email, email.policy, hashlib, json, logging, os, shutil, ssl, subprocess, sys, threading, urllib.parse
from http.server import ThreadingHTTPServer
from world import Answerer
from aiosmtpd.smtp import SMTP, AuthResult

folder, smtp_port, http_port = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
who, client, secret = "post@zon.test", "klant-1", "app geheim&=%"
shutil.rmtree(folder, ignore_errors=True)
os.makedirs(folder)


def openssl(*words):
    subprocess.run(["openssl", *words], check=True, stderr=subprocess.DEVNULL, cwd=folder)


curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
openssl("req", "-x509", *curve, "-days", "2", "-subj", "/CN=Test authority", "-keyout", "ca.key", "-out", "ca.pem")
openssl("req", *curve, "-subj", "/CN=localhost", "-keyout", "key.pem", "-out", "cert.csr")
with open(folder + "/names", "w") as f:
    f.write("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
openssl("x509", "-req", "-in", "cert.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names", "-out", "cert.pem")
shutil.copyfile(folder + "/ca.pem", sys.argv[4])

lock, said, good, codes, made = threading.Lock(), {"lasts": 3600}, {"access": set(), "refresh": set()}, {}, {"n": 0}
logging.getLogger("mail.log").setLevel(logging.ERROR)
loop, talks = asyncio.new_event_loop(), []


def keep(row):
    with lock, open(folder + "/mails.jsonl", "a") as f:
        f.write(json.dumps(row) + "\n")


class Provider(Answerer):
    def do_GET(self):
        at = urllib.parse.urlsplit(self.path)
        q = dict(urllib.parse.parse_qsl(at.query))
        if at.path == "/authorize":  # somebody says yes
            if q["client_id"] != client or q["response_type"] != "code" or q["code_challenge_method"] != "S256" or q["scope"] != "mail" or q["login_hint"] != who:
                return self.answer(400, q)
            with lock:
                made["n"] += 1
                code = "code %d/+" % made["n"]
                codes[code] = (q["code_challenge"], q["redirect_uri"])
            return self.answer(200, {"code": code, "state": q["state"], "redirect": q["redirect_uri"]})
        if at.path == "/tokeninfo":
            with lock:
                is_good = q.get("access_token") in good["access"]
            return self.answer(200 if is_good else 401, {"username": who} if is_good else {"error": "invalid_token"})
        self.answer(404, {})

    def do_PUT(self):
        said.update(json.loads(self.body()))
        with lock:
            if said.pop("forget", False):
                good["access"].clear()
                loop.call_soon_threadsafe(lambda: [t.abort() for t in talks])  # who came in by one is shown out
            if said.pop("revoke", False):
                good["access"].clear(), good["refresh"].clear()
        self.answer(200, {})

    def do_POST(self):
        q = dict(urllib.parse.parse_qsl(self.body()))
        if said.get("away"):
            return self.answer(503, {})
        if (q["client_id"], q.get("client_secret")) != (client, secret):
            return self.answer(401, {"error": "invalid_client", "error_description": "who are you?"})
        with lock:
            if q["grant_type"] == "authorization_code":
                challenge, redirect = codes.pop(q["code"], (None, None))
                mine = base64.urlsafe_b64encode(hashlib.sha256(q["code_verifier"].encode()).digest()).decode().rstrip("=")
                fits = challenge == mine and redirect == q["redirect_uri"]
            else:
                fits = q["refresh_token"] in good["refresh"]
                good["refresh"].discard(q["refresh_token"])  # used once, and no more
            if not fits:
                return self.answer(400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."})
            made["n"] += 1
            access, refresh = "at-%d" % made["n"], "rt-%d" % made["n"]
            good["access"].add(access), good["refresh"].add(refresh)
        self.answer(200, {"access_token": access, "refresh_token": refresh, "token_type": "Bearer", "expires_in": said["lasts"]})


class Handler:
    async def auth_XOAUTH2(self, server, args):
        given = base64.b64decode(args[1]) if len(args) > 1 else await server.challenge_auth("")
        words = given.decode().split("\x01")
        token = words[1].removeprefix("auth=Bearer ")
        with lock:
            fits = words[0] == "user=" + who and token in good["access"]
        if fits:
            talks.append(server.transport)
            return AuthResult(success=True, auth_data=token)
        await server.push(b"334 " + base64.b64encode(b'{"status":"400","schemes":"Bearer"}'))
        await server._reader.readline()
        return AuthResult(success=False, handled=False, message="535 5.7.8 Username and Password not accepted")

    async def handle_DATA(self, server, session, envelope):
        m = email.message_from_bytes(envelope.content, policy=email.policy.default)
        keep({"to": envelope.rcpt_tos, "subject": m["subject"], "by": session.auth_data, "tls": session.ssl is not None})
        return "250 2.0.0 taken"


def password(server, session, envelope, mechanism, data):
    fits = (data.login, data.password) == (who.encode(), b"geheim 1")
    return AuthResult(success=fits, handled=False, auth_data="password")


tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.load_cert_chain(folder + "/cert.pem", folder + "/key.pem")
threading.Thread(target=ThreadingHTTPServer(("127.0.0.1", http_port), Provider).serve_forever, daemon=True).start()
loop.run_until_complete(loop.create_server(lambda: SMTP(Handler(), enable_SMTPUTF8=True, loop=loop, tls_context=tls, require_starttls=True, auth_required=True, authenticator=password),
                                           "127.0.0.1", smtp_port))
print("ready", flush=True)
loop.run_forever()
