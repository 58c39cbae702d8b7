"""A mail server for tests: takes letters by SMTP and writes each as a JSON file, and misbehaves as it is told.

server.py FOLDER PORT [CERTIFICATE KEY starttls|wrapped] writes FOLDER/arrived/000001.json and so on, in order of
arrival. FOLDER/faults.json maps a recipient, or "*" for everybody, to "temporary" (451), "permanent" (550), "login" (530)
"drop" (the letter is kept, but the connection ends before the answer), "cut" (the connection ends when the letter is
to be sent) or "hang" (no answer ever comes). The user `chenqing` signs in with `right password`.
"""

import asyncio
import base64
import json
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

folder, port = sys.argv[1], int(sys.argv[2])
arrived = os.path.join(folder, "arrived")
os.makedirs(arrived, exist_ok=True)
connections = {"all": 0, "open": 0, "most": 0}


def fault(recipient):
    try:
        with open(os.path.join(folder, "faults.json"), encoding="utf-8") as file:
            faults = json.load(file)
    except FileNotFoundError:
        return None
    return faults.get(recipient, faults.get("*"))


class Server(SMTP):
    def connection_made(self, transport):
        connections["all"] += 1
        connections["open"] += 1
        connections["most"] = max(connections["most"], connections["open"])
        super().connection_made(transport)

    def connection_lost(self, error):
        connections["open"] -= 1
        super().connection_lost(error)

    async def smtp_DATA(self, arg):
        recipients = self.envelope.rcpt_tos if self.envelope else []
        if recipients and fault(recipients[0]) == "cut":
            await self.push("354 go ahead")
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        told = fault(address)
        if told == "temporary":
            return f"451 4.7.1 <{address}>: come back later"
        if told == "permanent":
            return f"550 5.1.1 <{address}>: no such user here"
        if told == "hang":
            await asyncio.sleep(3600)
        if told == "login":
            return "530 5.7.0 sign in first"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        letter = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "encrypted": bool(session.ssl or server.transport.get_extra_info("sslcontext")),
            "login": bool(session.authenticated),
            "connections": dict(connections),
            "bytes": base64.b64encode(envelope.original_content).decode(),
        }
        name = os.path.join(arrived, f"{len(os.listdir(arrived)) + 1:06}.json")
        with open(name + ".part", "w", encoding="utf-8") as file:
            json.dump(letter, file)
        os.rename(name + ".part", name)
        if fault(envelope.rcpt_tos[0]) == "drop":
            server.transport.abort()
        return "250 taken"


def authenticate(server, session, envelope, mechanism, data):
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"chenqing", b"right password")
    return AuthResult(success=right, handled=False)


def make(**tls):
    return Server(Handler(), data_size_limit=0, authenticator=authenticate, auth_require_tls=False, **tls)


async def main():
    loop, context = asyncio.get_running_loop(), None
    if len(sys.argv) > 3:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(sys.argv[3], sys.argv[4])
    if context and sys.argv[5] == "wrapped":
        await loop.create_server(make, "127.0.0.1", port, ssl=context)
    else:
        await loop.create_server(lambda: make(tls_context=context), "127.0.0.1", port)
    print("ready", flush=True)
    await asyncio.Event().wait()


asyncio.run(main())
