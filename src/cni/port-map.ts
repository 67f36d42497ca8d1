/** Host ports of pods: the chains of portmap, the last plugin of the CNI's chain (containernetworking/plugins v1.9.1,
 *  plugins/meta/portmap/portmap_iptables.go; `snat` is on). A packet to one of the node's own addresses and a host port
 *  is sent to the pod; what the pod sends to itself, and what comes from loopback, gets the node's address as source.
 *  Not modelled: its form in nftables, which it takes on nodes without iptables. */
import { formatIpv4, type Ipv4 } from '../addressing/ip.ts';
import { sha256Hex, sha512Hex } from '../api/digest.ts';
import type { ContainerPort } from '../api/objects.ts';
import { defaulted, derived, type Origin } from '../base/origin.ts';
import type { BuiltInRule } from '../host/netfilter/built-in-rules.ts';
import { quoteWord } from '../host/netfilter/rule-quoting.ts';
import type { TableSource } from '../host/rules.ts';
import { chain, comment } from './rule-lines.ts';

export interface MappedPod {
  readonly namespace: string;
  readonly name: string;
  readonly address: Ipv4;
  /** Those that have a host port, in the order of the containers. */
  readonly ports: readonly ContainerPort[];
  readonly origin: Origin;
}

const WRITER = 'portmap';
const ORIGIN = defaulted('portmap', 'host ports');

/** Name of the CNI's network (amazon-vpc-cni-k8s misc/10-aws.conflist). */
const NETWORK = 'aws-cni';

/** Kubernetes marks with bits 14 and 15. */
const MARK = '0x2000/0x2000';

/** As many as one multiport match takes. */
const PORTS_A_RULE = 15;

const CHAIN_NAME_LENGTH = 28;

/** Chains that are the same on all nodes with a pod that has host ports. */
export const portMapTables: readonly TableSource[] = [
  {
    table: 'nat',
    chains: [
      chain(
        'CNI-HOSTPORT-SETMARK',
        [`${comment('CNI portfwd masquerade mark')} -j MARK --set-xmark ${MARK}`],
        ORIGIN,
      ),
      chain('CNI-HOSTPORT-MASQ', [`-m mark --mark ${MARK} -j MASQUERADE`], ORIGIN),
    ],
  },
];

/** In the order in which portmap puts them in. It masquerades first, before any other rule leaves the chain. */
export const portMapJumps: readonly BuiltInRule[] = [
  inNat('POSTROUTING', 'top', `${comment('CNI portfwd requiring masquerade')} -j CNI-HOSTPORT-MASQ`),
  inNat('PREROUTING', 'bottom', '-m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT'),
  inNat('OUTPUT', 'bottom', '-m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT'),
];

function inNat(name: string, at: BuiltInRule['at'], rule: string): BuiltInRule {
  return { table: 'nat', chain: name, rule, at, origin: ORIGIN };
}

/** The chains of one node's pods, in the order in which they were made. */
export function podPortTables(pods: readonly MappedPod[]): TableSource[] {
  const mapped = pods.map((pod) => ({ pod, origin: derived(WRITER, pod.origin), own: dnatChain(pod) }));
  return [
    {
      table: 'nat',
      chains: [
        {
          name: 'CNI-HOSTPORT-DNAT',
          rules: mapped.flatMap(
            ({ pod, origin, own }) => chain('CNI-HOSTPORT-DNAT', entries(pod, own), origin).rules,
          ),
        },
        ...mapped.map(({ pod, origin, own }) => chain(own, portRules(pod), origin)),
      ],
    },
  ];
}

/** "CNI-DN-" and the first hex digits of SHA-512(network name and sandbox ID) (pkg/utils MustFormatHashWithPrefix). */
function dnatChain(pod: MappedPod): string {
  return `CNI-DN-${sha512Hex(NETWORK + sandboxId(pod))}`.slice(0, CHAIN_NAME_LENGTH);
}

/** containerd draws 64 hex digits by chance; here the pod's name makes them. */
function sandboxId({ namespace, name }: MappedPod): string {
  return sha256Hex(`sandbox of ${namespace}/${name}`);
}

function entries(pod: MappedPod, target: string): string[] {
  const note = quoteWord(`dnat name: "${NETWORK}" id: "${sandboxId(pod)}"`);
  const protocols = [...new Set(pod.ports.map(protocolOf))].sort();
  return protocols.flatMap((protocol) => {
    const ports = pod.ports.filter((port) => protocolOf(port) === protocol).map(({ hostPort }) => hostPort);
    const groups = Array.from({ length: Math.ceil(ports.length / PORTS_A_RULE) }, (_, i) =>
      ports.slice(i * PORTS_A_RULE, (i + 1) * PORTS_A_RULE),
    );
    return groups.map(
      (group) =>
        `-p ${protocol} -m comment --comment ${note} -m multiport --dports ${group.join(',')} -j ${target}`,
    );
  });
}

/** Three rules a port, each written once: the marks first. An address of the other family gets none. */
function portRules({ address, ports }: MappedPod): string[] {
  const pod = formatIpv4(address);
  const rules = ports.flatMap((port) => {
    const { hostPort, hostIP = '', containerPort } = port;
    if (hostIP.includes(':')) return [];
    const protocol = protocolOf(port);
    const destination = hostIP === '' || hostIP === '0.0.0.0' ? '' : `-d ${hostIP}/32 `;
    const match = `${destination}-p ${protocol} -m ${protocol} --dport ${hostPort}`;
    return [
      `-s ${pod}/32 ${match} -j CNI-HOSTPORT-SETMARK`,
      `-s 127.0.0.1/32 ${match} -j CNI-HOSTPORT-SETMARK`,
      `${match} -j DNAT --to-destination ${pod}:${containerPort}`,
    ];
  });
  return [...new Set(rules)];
}

function protocolOf({ protocol }: ContainerPort): string {
  return protocol.toLowerCase();
}
