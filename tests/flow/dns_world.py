#!/usr/bin/python3
"""A name server, for stories about domains: it answers what stands in a file, a line each: NAME TYPE TEXT (A, AAAA, CNAME, MX, TXT), follows a CNAME as
a resolver does, and sends what is too long for a datagram by TCP alone. A name of type FAILS is answered SERVFAIL, one of type SILENT not at all; the file is
read at every question. It must never ask anybody else.
usage: dns_world.py PORT FILE"""
import socket, socketserver, struct, sys, threading

port, path = int(sys.argv[1]), sys.argv[2]
TYPES = {"A": 1, "CNAME": 5, "MX": 15, "TXT": 16, "AAAA": 28}


def name(text):
    return b"".join(bytes([len(x)]) + x.encode() for x in text.strip(".").split(".") if x) + b"\0"


def data(kind, text):
    if kind in ("A", "AAAA"):
        return socket.inet_pton(socket.AF_INET if kind == "A" else socket.AF_INET6, text)
    if kind == "CNAME":
        return name(text)
    if kind == "MX":
        return struct.pack(">H", int(text.split()[0])) + name(text.split()[1])
    return b"".join(bytes([len(x)]) + x for x in (text.encode()[i:i + 255] for i in range(0, len(text), 255)))


def answer(ask, most):
    at, labels = 12, []
    while ask[at]:
        labels.append(ask[at + 1:at + 1 + ask[at]].decode().lower())
        at += ask[at] + 1
    question, asked = ask[12:at + 5], struct.unpack(">H", ask[at + 1:at + 3])[0]
    lines = [x.split(" ", 2) for x in open(path).read().splitlines() if x.strip()]
    whose, rows, code, known = ".".join(labels), b"", 0, False
    n = 0
    for _ in range(8):
        mine = [x for x in lines if x[0].lower() == whose]
        known |= bool(mine) or any(x[0].lower().endswith("." + whose) for x in lines)
        if any(x[1] == "SILENT" for x in mine):
            return b""
        code = 2 if any(x[1] == "FAILS" for x in mine) else code
        alias = [x[2] for x in mine if x[1] == "CNAME"]
        for x in mine:
            if len(x) > 2 and (TYPES.get(x[1]) == asked or x[1] == "CNAME"):
                d = data(x[1], x[2])
                rows += name(whose) + struct.pack(">HHIH", TYPES[x[1]], 1, 60, len(d)) + d
                n += 1
        if not alias or asked == TYPES["CNAME"]:
            break
        whose = alias[0].lower()
    head = lambda flags, n: ask[:2] + struct.pack(">HHHHH", flags, 1, n, 0, 0)
    code = code or (0 if known else 3)
    whole = head(0x8180 | code, n) + question + rows
    return whole if len(whole) <= most else head(0x8380, 0) + question


class Datagram(socketserver.BaseRequestHandler):
    def handle(self):
        said = answer(self.request[0], 1200)
        if said:
            self.request[1].sendto(said, self.client_address)


class Stream(socketserver.StreamRequestHandler):
    def handle(self):
        n = self.rfile.read(2)
        if len(n) == 2:
            said = answer(self.rfile.read(struct.unpack(">H", n)[0]), 65535)
            self.wfile.write(struct.pack(">H", len(said)) + said)


socketserver.ThreadingTCPServer.allow_reuse_address = True
udp = socketserver.ThreadingUDPServer(("127.0.0.1", port), Datagram)
threading.Thread(target=socketserver.ThreadingTCPServer(("127.0.0.1", port), Stream).serve_forever, daemon=True).start()
print("ready", flush=True)
udp.serve_forever()
