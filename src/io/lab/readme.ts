/** The README of a lab: what is in it, how to use it, and what it leaves out. */
import { formatIpv4 } from '../../addressing/ip.ts';
import { protocolName, TCP } from '../../packet/protocol.ts';
import type { Lab, LabNamespace } from './plan.ts';

export function readme(lab: Lab): string {
  const pods = lab.namespaces.filter(({ device }) => device.startsWith('pod/'));
  const [from, to] = [pods[0] ?? lab.namespaces[0], pods[1] ?? lab.namespaces.at(-1)];
  const example = from?.name ?? `${lab.prefix}-NAME`;
  const address = to?.addresses[0] ? formatIpv4(to.addresses[0].address) : 'ADDRESS';
  const port = to?.listening.find(({ protocol }) => protocol === TCP)?.port ?? 8080;
  return `# Lab

The topology "${oneLine(lab.title)}" built from Linux network namespaces, with the rules, routes and sysctls that vpcsim
says its nodes have. Needs root, bash, iproute2 and iptables with the nft back end.

\`\`\`bash
./up.sh
ip netns exec ${example} ping -c 1 ${address}
ip netns exec ${to?.name ?? example} python3 -m http.server ${port} &
ip netns exec ${example} curl http://${address}:${port}/
ip netns exec ${example} tcpdump -ni eth0
./down.sh
\`\`\`

Nothing listens until you start it.
Outside of its namespaces nothing is touched, and \`down.sh\` removes them with all that runs in them.

## Namespaces

${lab.namespaces.map(line).join('\n')}

The fabric stands for the VPC's router and the internet gateway. It knows every address of every network interface.

## Left out

${lab.leftOut.map((text) => `- ${oneLine(text)}`).join('\n')}

Packets that any of this decides about fare differently on AWS.
`;
}

function line({ name, label, addresses, listening }: LabNamespace): string {
  const own = addresses.map(({ dev, address }) => `${dev} ${formatIpv4(address)}`);
  const ports = listening.map(({ protocol, port }) => `${protocolName(protocol)}/${port}`);
  return [
    `- \`${name}\`: ${oneLine(label)}`,
    ...(own.length > 1 && own.length < 6 ? [`(${own.join(', ')})`] : []),
    ...(ports.length > 0 ? [`would listen on ${[...new Set(ports)].join(', ')}`] : []),
  ].join(' ');
}

const oneLine = (text: string): string => text.replace(/[\s`]+/g, ' ').trim();
