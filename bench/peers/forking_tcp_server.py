"""Python's own fork-per-connection server as an echo server. Usage: forking_tcp_server.py PORT"""

import socketserver
import sys


class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        while chunk := self.request.recv(65536):
            self.request.sendall(chunk)


class Server(socketserver.ForkingTCPServer):
    allow_reuse_address = True
    request_queue_size = 511
    max_children = 1000


with Server(("127.0.0.1", int(sys.argv[1])), Echo) as server:
    server.serve_forever()
