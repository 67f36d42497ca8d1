"""Sends packets between the network namespaces of a lab and tells what the kernel did to them.

One process holds sockets in all namespaces: a socket stays in the namespace it was made in. It reads requests from
standard input, one JSON object a line, and answers each with one line. What the kernel decided it takes from netlink:
trace messages of nf_tables (which iptables-nft's rules are, too), conntrack's table, rule handles.
"""
import ctypes
import errno
import json
import os
import select
import socket
import struct
import subprocess
import sys
import time
import traceback

TRACE_TABLE = "vpcsim-trace"
# Marks every packet for tracing before any table sees it; it decides nothing.
CHAINS = """
  chain in { type filter hook prerouting priority -450; meta nftrace set 1; }
  chain out { type filter hook output priority -450; meta nftrace set 1; }
  chain away { type filter hook postrouting priority 450; meta nftrace set 1; }
"""
TRACE_RULES = "".join("table %s %s {%s}\n" % (family, TRACE_TABLE, CHAINS) for family in ("ip", "ip6"))

libc = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNET = 0x40000000

NETLINK_NETFILTER = 12
NFNL_SUBSYS_CTNETLINK, NFNL_SUBSYS_NFTABLES = 1, 10
NFNLGRP_NFTRACE = 9
NFT_MSG_GETRULE, NFT_MSG_TRACE = 7, 17
TRACED_POLICY, TRACED_RULE = 1, 3
IPCTNL_MSG_CT_GET = 1
NLM_F_REQUEST, NLM_F_DUMP = 1, 0x300
SOL_NETLINK, NETLINK_ADD_MEMBERSHIP = 270, 1
IP_RECVERR, IP_PKTINFO, IP_RECVTTL, IP_TTL, SO_RCVBUFFORCE, MSG_ERRQUEUE = 11, 8, 12, 2, 33, 0x2000
SO_EE_ORIGIN_ICMP = 2
TCP, UDP, ICMP, SCTP = 6, 17, 1, 132


class Namespace:
    """One namespace: its netlink sockets, its servers, the names of its interfaces."""

    def __init__(self, name):
        self.name = name
        self.fd = os.open("/run/netns/" + name, os.O_RDONLY)
        self.servers = []
        self.enter()
        self.interfaces = {number: text for number, text in socket.if_nameindex()}

    def enter(self):
        if libc.setns(self.fd, CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns " + self.name)

    def trace(self):
        self.enter()
        subprocess.run(["nft", "-f", "-"], input=TRACE_RULES, text=True, check=True)
        self.events = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER)
        self.events.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 16 << 20)
        self.events.bind((0, 0))
        self.events.setsockopt(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, NFNLGRP_NFTRACE)
        self.events.setblocking(False)
        self.requests = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER)
        self.requests.bind((0, 0))
        self.open_calls = {}
        # An answer that is lost is not sent again later, into the next flow.
        with open("/proc/sys/net/ipv4/tcp_synack_retries", "w") as file:
            file.write("0\n")

    def listen(self, protocol, port):
        self.enter()
        if protocol == TCP:
            server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            server.bind(("0.0.0.0", port))
            server.listen(64)
        elif protocol == UDP:
            server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            server.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
            server.bind(("0.0.0.0", port))
        elif protocol == SCTP:
            server = socket.socket(socket.AF_INET, socket.SOCK_STREAM, SCTP)
            server.bind(("0.0.0.0", port))
            server.listen(64)
        else:
            return
        server.setblocking(False)
        self.servers.append((protocol, port, server))

    # Netlink ---------------------------------------------------------------------------------------------------

    def ask(self, kind, flags, body=b""):
        """Sends one request and yields the answers' bodies."""
        message = struct.pack("=LHHLL", 16 + 4 + len(body), kind, NLM_F_REQUEST | flags, 1, 0)
        self.requests.send(message + struct.pack("=BBH", socket.AF_INET, 0, 0) + body)
        while True:
            data = self.requests.recv(1 << 20)
            for kind_of, body_of in messages(data):
                if kind_of == 3:
                    return
                if kind_of == 2:
                    code = struct.unpack_from("=i", body_of)[0]
                    if code != 0 and -code != errno.ENOENT:
                        raise OSError(-code, "netlink in " + self.name)
                    return
                # IPv6 has tables of the same names.
                if body_of[0] != socket.AF_INET6:
                    yield body_of[4:]

    def rules(self):
        """Handles of the rules of every chain, in order: { "table chain": [handle, ...] }."""
        found = {}
        for body in self.ask(NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETRULE, NLM_F_DUMP):
            fields = attributes(body)
            table, chain = text(fields[1]), text(fields[2])
            if table != TRACE_TABLE:
                found.setdefault(table + " " + chain, []).append(struct.unpack(">Q", fields[3])[0])
        return found

    def connections(self):
        """conntrack -L"""
        found = []
        for body in self.ask(NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET, NLM_F_DUMP):
            fields = attributes(body)
            found.append(
                {
                    "original": connection_tuple(fields[1]),
                    "reply": connection_tuple(fields[2]),
                    "mark": struct.unpack(">L", fields[8])[0] if 8 in fields else 0,
                    "status": struct.unpack(">L", fields[3])[0],
                }
            )
        return found

    def forget(self):
        """The lists of xt_recent: the next flow meets a kernel that has seen nobody."""
        self.enter()
        folder = "/proc/thread-self/net/xt_recent"
        if os.path.isdir(folder):
            for name in os.listdir(folder):
                with open(folder + "/" + name, "w") as file:
                    file.write("/\n")

    def remember(self):
        """Connections stay in the table until they are looked at."""
        self.enter()
        for name in ("tcp_timeout_close", "icmp_timeout", "udp_timeout", "udp_timeout_stream"):
            with open("/proc/sys/net/netfilter/nf_conntrack_" + name, "w") as file:
                file.write("600\n")

    def drain(self, into):
        """Collects what the kernel has told since: one entry for each time that a base chain got a packet."""
        while True:
            try:
                data = self.events.recv(1 << 20)
            except BlockingIOError:
                return
            for kind, body in messages(data):
                if kind == NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_TRACE and body[0] != socket.AF_INET6:
                    self.take(attributes(body[4:]), into)

    def take(self, fields, into):
        table, chain = text(fields[1]), text(fields[2])
        packet = fields[6]
        mark = struct.unpack(">L", fields[14])[0] if 14 in fields else 0
        call = self.open_calls.get(packet)
        if 8 in fields:
            call = {
                "namespace": self.name,
                "table": table,
                "chain": chain,
                "in": self.interfaces.get(number(fields.get(10)), ""),
                "out": self.interfaces.get(number(fields.get(12)), ""),
                "packet": header(fields[8], fields.get(9, b"")),
                "mark": mark,
                "steps": [],
            }
            self.open_calls[packet] = call
            into.append(call)
        if call is None:
            return
        kind = number(fields[4])
        verdict = attributes(fields[5]) if 5 in fields else {}
        step = {"chain": chain, "mark": mark}
        if kind == TRACED_RULE and 3 in fields:
            step["handle"] = struct.unpack(">Q", fields[3])[0]
        elif kind == TRACED_POLICY:
            step["policy"] = number(fields[16]) if 16 in fields else 1
        else:
            # The end of a chain.
            return
        if 1 in verdict:
            step["verdict"] = struct.unpack(">l", verdict[1])[0]
        if 2 in verdict:
            step["jump"] = text(verdict[2])
        call["steps"].append(step)


def messages(data):
    at = 0
    while at + 16 <= len(data):
        length, kind = struct.unpack_from("=LH", data, at)
        yield kind, data[at + 16 : at + length]
        at += (length + 3) & ~3


def attributes(data):
    found = {}
    at = 0
    while at + 4 <= len(data):
        length, kind = struct.unpack_from("=HH", data, at)
        if length < 4:
            break
        found[kind & 0x3FFF] = data[at + 4 : at + length]
        at += (length + 3) & ~3
    return found


def text(data):
    return data.rstrip(b"\0").decode()


def number(data):
    return struct.unpack(">L", data)[0] if data else 0


def connection_tuple(data):
    fields = attributes(data)
    addresses, protocol = attributes(fields[1]), attributes(fields[2])
    kind = protocol[1][0]
    short = lambda key: struct.unpack(">H", protocol[key])[0] if key in protocol else 0
    found = {
        "protocol": kind,
        "src": socket.inet_ntoa(addresses[1]),
        "dst": socket.inet_ntoa(addresses[2]),
    }
    if kind == ICMP:
        found["sport"] = short(4)
        found["dport"] = protocol[5][0] << 8 | protocol[6][0]
    else:
        found["sport"], found["dport"] = short(2), short(3)
    return found


def header(network, transport):
    """The fields of an IPv4 header and of the first bytes behind it."""
    found = {
        "protocol": network[9],
        "src": socket.inet_ntoa(network[12:16]),
        "dst": socket.inet_ntoa(network[16:20]),
        "ttl": network[8],
    }
    if found["protocol"] in (TCP, UDP, SCTP) and len(transport) >= 4:
        found["sport"], found["dport"] = struct.unpack_from(">HH", transport)
        if found["protocol"] == TCP and len(transport) >= 14:
            found["flags"] = transport[13]
        elif found["protocol"] == SCTP and len(transport) >= 13:
            found["chunk"] = transport[12]
        elif len(transport) >= 9:
            found["payload"] = chr(transport[8])
    elif found["protocol"] == ICMP and len(transport) >= 8:
        found["type"], found["code"] = transport[0], transport[1]
        found["sport"] = struct.unpack_from(">H", transport, 4)[0]
    return found


# Flows -----------------------------------------------------------------------------------------------------------


def serve(namespaces, server):
    """Whatever waits at a server: what it sees of the client."""
    namespace, protocol, port, listener = server
    seen = []
    while True:
        try:
            if protocol == UDP:
                data, ancillary, _, peer = listener.recvmsg(2048, 256)
                address = None
                for level, kind, body in ancillary:
                    if level == socket.IPPROTO_IP and kind == IP_PKTINFO:
                        address = socket.inet_ntoa(body[8:12])
                        spec = struct.pack("=I4s4s", 0, body[8:12], b"\0\0\0\0")
                seen.append((namespace.name, peer, (address, port)))
                if data[:1] == b"Q":
                    try:
                        listener.sendmsg([b"R" + data[1:]], [(socket.IPPROTO_IP, IP_PKTINFO, spec)], 0, peer)
                    except OSError:
                        pass
            else:
                connection, peer = listener.accept()
                seen.append((namespace.name, peer, connection.getsockname()))
                opened.append(connection)
        except OSError:
            return seen


opened = []


def queued_error(client):
    """The ICMP error that came back for a socket, if one did."""
    try:
        _, ancillary, _, _ = client.recvmsg(512, 512, MSG_ERRQUEUE)
    except OSError:
        return None
    for level, kind, body in ancillary:
        if level == socket.IPPROTO_IP and kind == IP_RECVERR:
            code, origin, icmp_type, icmp_code = struct.unpack_from("=IBBB", body)
            if origin == SO_EE_ORIGIN_ICMP:
                return {"kind": "icmp", "type": icmp_type, "code": icmp_code, "from": socket.inet_ntoa(body[20:24])}
            return {"kind": "error", "errno": errno.errorcode.get(code, code)}
    return None


def client_of(flow):
    protocol = flow["protocol"]
    if protocol == ICMP:
        client = socket.socket(socket.AF_INET, socket.SOCK_RAW, ICMP)
    elif protocol == UDP:
        client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    else:
        client = socket.socket(socket.AF_INET, socket.SOCK_STREAM, SCTP if protocol == SCTP else 0)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if protocol != ICMP:
        client.setsockopt(socket.IPPROTO_IP, IP_RECVERR, 1)
    client.setsockopt(socket.IPPROTO_IP, IP_TTL, flow.get("ttl", 64))
    client.setblocking(False)
    client.bind((flow["src"], 0 if protocol == ICMP else flow["sport"]))
    return client


def checksum(data):
    total = sum(struct.unpack(">%dH" % (len(data) // 2), data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def start(client, flow):
    """Sends the first packet; the result where that already is one."""
    try:
        if flow["protocol"] == ICMP:
            body = struct.pack(">BBHHH", 8, 0, 0, flow["sport"], 1) + b"Q" * 12
            body = body[:2] + struct.pack(">H", checksum(body)) + body[4:]
            client.sendto(body, (flow["dst"], 0))
        elif flow["protocol"] == UDP:
            client.connect((flow["dst"], flow["dport"]))
            client.send(b"Q" * 12)
        else:
            client.connect((flow["dst"], flow["dport"]))
    except BlockingIOError:
        return None
    except OSError as error:
        if error.errno == errno.EPERM:
            return None
        if error.errno == errno.ECONNREFUSED:
            return queued_error(client) or {"kind": "reset"}
        return queued_error(client) or {"kind": "error", "errno": errno.errorcode.get(error.errno, error.errno)}
    return {"kind": "connected"} if flow["protocol"] in (TCP, SCTP) else None


def outcome(client, flow):
    """What the client's socket has to say by now."""
    if flow["protocol"] == ICMP:
        return icmp_outcome(client, flow)
    error = queued_error(client)
    if error:
        return error
    if flow["protocol"] == UDP:
        try:
            data, peer = client.recvfrom(2048)
            return {"kind": "reply", "from": peer}
        except BlockingIOError:
            return None
        except OSError as failure:
            return {"kind": "error", "errno": errno.errorcode.get(failure.errno, failure.errno)}
    code = client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if code == errno.ECONNREFUSED:
        return queued_error(client) or {"kind": "reset"}
    if code:
        return {"kind": "error", "errno": errno.errorcode.get(code, code)}
    try:
        client.getpeername()
        return {"kind": "connected"}
    except OSError:
        return None


def icmp_outcome(client, flow):
    while True:
        try:
            data, peer = client.recvfrom(2048)
        except OSError:
            return None
        body = data[(data[0] & 15) * 4 :]
        if body[0] == 0 and struct.unpack_from(">H", body, 4)[0] == flow["sport"]:
            return {"kind": "reply", "from": peer}
        if body[0] in (3, 11):
            quoted = body[8 + (body[8] & 15) * 4 :]
            if struct.unpack_from(">H", quoted, 4)[0] == flow["sport"]:
                return {"kind": "icmp", "type": body[0], "code": body[1], "from": peer[0]}


class Lab:
    def __init__(self):
        self.namespaces = {}

    def open(self, request):
        for wanted in request["namespaces"]:
            namespace = Namespace(wanted["name"])
            self.namespaces[wanted["name"]] = namespace
            namespace.trace()
            if wanted.get("rules"):
                namespace.remember()
            for protocol, port in wanted["listen"]:
                namespace.listen(protocol, port)
        return {"rules": {name: namespace.rules() for name, namespace in self.namespaces.items()}}

    def flow(self, request):
        spaces = self.namespaces.values()
        leftover = []
        for namespace in spaces:
            namespace.drain(leftover)
            namespace.open_calls.clear()
        for name in request.get("forget", []):
            self.namespaces[name].forget()
        self.namespaces[request["from"]].enter()
        calls, seen = [], []
        client = client_of(request)
        result = start(client, request)
        servers = [(n, p, port, s) for n in spaces for p, port, s in n.servers]
        by_number = {server[3].fileno(): server for server in servers}
        poll = select.poll()
        for descriptor in by_number:
            poll.register(descriptor, select.POLLIN)
        poll.register(client, select.POLLIN | select.POLLERR | (0 if request["protocol"] in (UDP, ICMP) else select.POLLOUT))
        deadline = time.monotonic() + request.get("wait", 60) / 1000
        while True:
            left = deadline - time.monotonic()
            ready = poll.poll(0 if result else max(0, left * 1000))
            for descriptor, _ in ready:
                if descriptor in by_number:
                    seen += serve(self.namespaces, by_number[descriptor])
            if result:
                break
            result = outcome(client, request)
            if left <= 0:
                break
        # The accepting side may be a moment behind the connecting one.
        if result and result["kind"] == "connected" and not seen:
            for descriptor, _ in poll.poll(20):
                if descriptor in by_number:
                    seen += serve(self.namespaces, by_number[descriptor])
        for namespace in spaces:
            namespace.drain(calls)
        client.close()
        while opened:
            opened.pop().close()
        return {
            "client": result or {"kind": "nothing"},
            "seen": [{"namespace": n, "peer": list(p[:2]), "local": list(l[:2])} for n, p, l in seen],
            "calls": calls,
        }

    def connections(self, request):
        return {"connections": {name: self.namespaces[name].connections() for name in request["namespaces"]}}

    def run(self, request):
        """Runs a program inside a namespace with this standard input."""
        self.namespaces[request["namespace"]].enter()
        done = subprocess.run(request["command"], input=request.get("input", ""), text=True, capture_output=True)
        return {"status": done.returncode, "out": done.stdout, "err": done.stderr}


def main():
    lab = Lab()
    operations = {"open": lab.open, "flow": lab.flow, "connections": lab.connections, "run": lab.run}
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = operations[request["op"]](request)
        except Exception as failure:
            answer = {"failure": "%s: %s" % (type(failure).__name__, failure), "where": traceback.format_exc()}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


main()
