import { describe, expect, test } from 'vitest';
import { formatCidr } from '../../../src/addressing/cidr.ts';
import { printIpRoute, printIpRule } from '../../../src/host/routing/routing-text.ts';
import { readHostDump } from '../../../src/io/dumps/host-dump.ts';
import { faults, read } from './reading.ts';

const bridges = `table ip bridges {
	map jumps {
		type ifname : verdict
		elements = { "br0" : jump in-br0,
			     "br1" : jump in-br1 comment "a, b" }
	}

	set hosts {
		type ipv4_addr . inet_service
		flags interval,timeout
		elements = { 10.0.0.1 . 80, 10.0.0.0/24 . 443 timeout 1h expires 59m }
	}

	chain post { # handle 7
		type nat hook postrouting priority srcnat - 10; policy accept;
		comment "of the bridges"
		oifname vmap @jumps # handle 9
	}

	chain in-br0 {
		ip daddr . tcp dport @hosts counter packets 0 bytes 0 masquerade
	}

	chain in-br1 {
	}
}
`;

describe('the text of nft list', () => {
  test('base chains with hook and priority, rules as printed', () => {
    const [table] = read(bridges).tables!;
    expect(table!.table).toBe('ip bridges');
    expect(table!.chains.map(({ name, base, rules }) => [name, base, rules.map(({ text }) => text)])).toEqual(
      [
        ['post', { type: 'nat', hook: 'postrouting', priority: 90 }, ['oifname vmap @jumps']],
        ['in-br0', undefined, ['ip daddr . tcp dport @hosts counter packets 0 bytes 0 masquerade']],
        ['in-br1', undefined, []],
      ],
    );
  });

  test('named sets and maps with their elements', () => {
    const { sets } = read(bridges).tables![0]!;
    expect(sets).toMatchObject([
      {
        name: 'jumps',
        kind: 'map',
        type: 'ifname',
        to: 'verdict',
        elements: ['"br0" : jump in-br0', '"br1" : jump in-br1 comment "a, b"'],
      },
      {
        name: 'hosts',
        kind: 'set',
        type: 'ipv4_addr . inet_service',
        flags: ['interval', 'timeout'],
        elements: ['10.0.0.1 . 80', '10.0.0.0/24 . 443 timeout 1h expires 59m'],
      },
    ]);
  });

  test('jumps to chains that are not there', () => {
    expect(faults(bridges.replace('chain in-br1 {', 'chain in-br2 {'))).toEqual(['17:3 dump/no-such-chain']);
  });

  test('what is cut off is refused', () => {
    expect(faults(bridges.slice(0, 300))).toEqual(['1:1 dump/truncated']);
  });

  test('tables of iptables-nft are left out where iptables-save speaks for them', () => {
    const managed = `# Warning: table ip nat is managed by iptables-nft, do not touch!
table ip nat {
	chain PREROUTING {
		type nat hook prerouting priority dstnat; policy accept;
		xt match "comment" counter packets 0 bytes 0 jump X
	}

	chain X {
	}
}
`;
    const saved =
      '*nat\n:PREROUTING ACCEPT [0:0]\n:X - [0:0]\n-A PREROUTING -m comment --comment a -j X\nCOMMIT\n';
    expect(read(managed + bridges + saved).tables!.map(({ table }) => table)).toEqual(['ip bridges', 'nat']);
    expect(read(managed).tables!.map(({ table }) => table)).toEqual(['ip nat']);
    expect(faults(managed)).toEqual(['2:1 dump/managed-table']);
  });

  test('chains at hooks that the model does not have are named', () => {
    const text = `table netdev early {
	chain in {
		type filter hook ingress device "ens5" priority 0; policy accept;
		drop
	}
}
table bridge idle {
	chain never {
		drop
	}
}
table inet late {
	chain out {
		type filter hook egress device "ens5" priority 0; policy accept;
	}
}
`;
    expect(read(text).absent!.map(({ what }) => what)).toEqual([
      'nftables table netdev early',
      'nftables chain out of table inet late (type filter hook egress device "ens5" priority 0; policy accept;)',
    ]);
  });

  test('a table that is dormant does nothing', () => {
    expect(read('table ip off {\n\tflags dormant\n\tchain a {\n\t\tdrop\n\t}\n}\n').tables).toBeUndefined();
  });
});

describe('the text of ipset save', () => {
  const text = `create cali40all-pools hash:net family inet hashsize 1024 maxelem 1048576
add cali40all-pools 10.48.0.0/16
create ports hash:ip,port family inet6 hashsize 64 maxelem 64 comment
add ports fd00::1,tcp:80 comment "the web"
add ports fd00::2,udp:53
`;

  test('sets with type, family, options and members as printed', () => {
    expect(read(text).sets).toMatchObject([
      {
        name: 'cali40all-pools',
        type: 'hash:net',
        family: 'IPv4',
        options: 'family inet hashsize 1024 maxelem 1048576',
        members: ['10.48.0.0/16'],
      },
      {
        name: 'ports',
        type: 'hash:ip,port',
        family: 'IPv6',
        members: ['fd00::1,tcp:80 comment "the web"', 'fd00::2,udp:53'],
      },
    ]);
  });

  test('members of a set that nobody makes, types that no set has', () => {
    expect(faults(`${text}add port fd00::3,udp:53\ncreate odd hash\n`)).toEqual([
      '6:5 dump/undeclared-set',
      '7:1 dump/bad-set',
    ]);
  });

  test('rules that ask a set which is not given: a warning for each file', () => {
    const rules = `*filter
:INPUT ACCEPT [0:0]
-A INPUT -m set --match-set cali40all-pools src -j ACCEPT
-A INPUT -m set --match-set other src,dst -j DROP
COMMIT
`;
    expect(faults(rules)).toEqual(['3:1 dump/no-set']);
    const both = readHostDump([
      { file: 'a', text: rules },
      { file: 'b', text },
    ]);
    expect(both.issues.map(({ message }) => message)).toEqual([
      'rules ask a set that no dump gives: other; whether they hold is unknown',
    ]);
  });
});

describe('the text of ip rule and ip route', () => {
  test('rules by priority; those that ip -6 rule repeats are passed over', () => {
    const text = `0:	from all lookup local
512:	from all to 10.0.1.5 lookup main
1536:	from 10.0.1.5 lookup 2
32766:	from all lookup main
0:	from all lookup local
32766:	from all lookup main
`;
    expect(read(text).ipRules!.map(printIpRule)).toEqual([
      '0: from all lookup local',
      '512: from all to 10.0.1.5 lookup main',
      '1536: from 10.0.1.5 lookup 2',
      '32766: from all lookup main',
    ]);
  });

  test('routes of all tables; broadcasts and IPv6 are passed over', () => {
    const text = `default via 10.0.1.1 dev ens6 table 2
10.0.1.1 dev ens6 table 2 scope link
default via 10.0.0.1 dev ens5 proto dhcp src 10.0.0.10 metric 512
10.0.0.0/24 dev ens5 proto kernel scope link src 10.0.0.10 metric 512
broadcast 10.0.0.255 dev ens5 table local proto kernel scope link src 10.0.0.10
local 10.0.0.10 dev ens5 table local proto kernel scope host src 10.0.0.10
unreachable 10.9.0.0/16
fe80::/64 dev ens5 proto kernel metric 256 pref medium
default via fe80::1 dev ens5 metric 1024 pref medium
`;
    const dump = read(text);
    expect(
      dump.ipRoutes!.map(
        (route) => `${route.table}: ${printIpRoute(route).split(' ').slice(0, 3).join(' ')}`,
      ),
    ).toEqual([
      '2: default via 10.0.1.1',
      '2: 10.0.1.1 dev ens6',
      'main: default via 10.0.0.1',
      'main: 10.0.0.0/24 dev ens5',
      'local: local 10.0.0.10 dev',
      'main: unreachable 10.9.0.0/16',
    ]);
    expect(dump.routeTables).toBeUndefined();
    expect(dump.absent).toBeUndefined();
  });

  test('ip route alone lists the main table, a heading says another', () => {
    const text =
      '$ ip route\ndefault via 10.0.0.1 dev ens5\n$ ip route show table 2\ndefault via 10.0.1.1 dev ens6\n';
    expect(read(text).routeTables).toEqual(['main', '2']);
  });

  test('next hops of a route on lines of their own, numbers of next hop objects, what a cache knew', () => {
    const text = `10.1.0.0/16 nhid 7 proto bird metric 32
	nexthop via 10.0.0.2 dev ens5 weight 1
	nexthop via 10.0.0.3 dev ens6 weight 2
10.2.0.1 via 10.0.0.2 dev ens5
    cache expires 500sec
10.3.0.0/16 nhid 8 via 10.0.0.2 dev ens5
`;
    expect(read(text).ipRoutes!.map(printIpRoute)).toEqual([
      '10.1.0.0/16 metric 32 nexthop via 10.0.0.2 dev ens5 weight 1 nexthop via 10.0.0.3 dev ens6 weight 2',
      '10.2.0.1 via 10.0.0.2 dev ens5',
      '10.3.0.0/16 via 10.0.0.2 dev ens5',
    ]);
    expect(faults(text)).toEqual([]);
  });

  test('a route by a gateway of the other family is not understood', () => {
    const { absent, ipRoutes } = read('10.6.0.0/16 via inet6 fe80::1 dev ens5\n');
    expect([absent!.length, ipRoutes]).toEqual([1, []]);
  });

  test('what is not understood is named, for the addresses it decides about', () => {
    const dump = read('10.7.0.0/16 via 10.0.0.1 dev ens5 encap mpls 100\n');
    expect(dump.absent!.map(({ what, to }) => `${what} ${formatCidr(to)}`)).toEqual([
      'route "10.7.0.0/16 via 10.0.0.1 dev ens5 encap mpls 100" 10.7.0.0/16',
    ]);
  });

  test('the lines of ip addr are passed over', () => {
    const text = `2: ens5: <BROADCAST,MULTICAST,UP> mtu 9001 qdisc mq state UP group default qlen 1000
    link/ether 0a:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff
    inet 10.0.0.10/24 scope global ens5
default via 10.0.0.1 dev ens5
`;
    expect(read(text).ipRoutes).toHaveLength(1);
    expect(faults(text)).toEqual([]);
  });
});
