"""A real mail server (RFC 5321, by aiosmtpd) for the tests: prints "ready", then every mail that it takes as a line of JSON.

It ends when its standard input does, so that it never outlives the test.
"""

import argparse
import email
import email.policy
import json
import logging
import ssl
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult


class Handler:
    def __init__(self, refused):
        self.refused = refused

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            print(json.dumps({"refused": address}), flush=True)
            return "550 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        parts = {part.get_content_type(): part.get_content() for part in mail.walk() if not part.is_multipart()}
        print(json.dumps({
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "headers": [[name, str(value)] for name, value in mail.items()],
            "subject": str(mail["subject"]),
            "id": str(mail["message-id"]),
            "text": parts.get("text/plain", ""),
            "html": parts.get("text/html", ""),
            "encrypted": session.ssl is not None,
            "user": session.auth_data.login.decode() if session.authenticated else None,
        }), flush=True)
        return "250 OK"


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--port", type=int, required=True)
    arguments.add_argument("--refuse", action="append", default=[])
    arguments.add_argument("--certificate")
    arguments.add_argument("--key")
    arguments.add_argument("--user")
    arguments.add_argument("--password")
    options = arguments.parse_args()
    # A client that hangs up is what some tests are about.
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)

    demands = {}
    if options.certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(options.certificate, options.key)
        demands.update(tls_context=context, require_starttls=True)
    if options.user:
        def authenticate(server, session, envelope, mechanism, data):
            right = (data.login, data.password) == (options.user.encode(), options.password.encode())
            return AuthResult(success=right, handled=False, auth_data=data)
        demands.update(authenticator=authenticate, auth_required=True, auth_require_tls=bool(options.certificate))

    class Server(Controller):
        def factory(self):
            return SMTP(self.handler, hostname="localhost", **demands)

    server = Server(Handler(options.refuse), hostname="127.0.0.1", port=options.port)
    server.start()
    print("ready", flush=True)
    sys.stdin.read()
    server.stop()


main()
