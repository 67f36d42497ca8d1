/** What joins VPCs with each other and with networks outside AWS, as the map shows it: a card for each link beside the
 *  VPCs of its Region, and wires from card to card. No sizes. */
import { formatCidr } from '../../addressing/cidr.ts';
import { formatIpv4 } from '../../addressing/ip.ts';
import type { Topology } from '../../world/topology.ts';
import type { CardText } from './card-block.ts';

export interface LinkView {
  readonly card: CardText;
  readonly region: string;
  /** VPCs of the Region that it joins, each with the words for its line. */
  readonly vpcs: readonly { readonly name: string; readonly tip: string }[];
}

/** A connection or a peering between two cards. */
export interface WireView {
  readonly from: string;
  readonly to: string;
  readonly look: 'link' | 'vpn' | 'vpn-down';
  readonly tip: string;
}

export interface LinksView {
  readonly links: readonly LinkView[];
  readonly networks: readonly CardText[];
  readonly wires: readonly WireView[];
}

export function linksOf(topology: Topology): LinksView {
  return {
    links: [...peeringsOf(topology), ...transitGatewaysOf(topology), ...vpnGatewaysOf(topology)],
    networks: topology.onPremises.map(({ name, cidrs, hosts }) => ({
      id: `on-premises/${name}`,
      kind: 'on-premises',
      titles: [name],
      addresses: cidrs.map(formatCidr),
      tip: [
        `on-premises network ${name} ${cidrs.map(formatCidr).join(' ')}`,
        ...hosts.map((host) => `host ${host.name} ${formatIpv4(host.address)}`),
      ].join('\n'),
    })),
    wires: wiresOf(topology),
  };
}

/** A peering between Regions has a card in each. */
function peeringsOf({ peerings }: Topology): LinkView[] {
  return peerings.flatMap(({ name, state, requester, accepter }) => {
    const sides = [requester, accepter];
    const regions = [...new Set(sides.filter(({ vpc }) => vpc !== undefined).map(({ region }) => region))];
    const label = ({ vpc, cidrs, account }: typeof requester): string =>
      `${vpc ?? `a VPC of account ${account}`} ${cidrs.map(formatCidr).join(' ')}`;
    const tip = `VPC peering ${name}, ${state}: ${sides.map(label).join(' and ')}`;
    return regions.map(
      (region): LinkView => ({
        card: {
          id: peeringId(name, region),
          kind: 'vpc-peering',
          titles: [`peering ${name}`, name],
          addresses: [],
          tip,
        },
        region,
        vpcs: sides.flatMap((side) =>
          side.region === region && side.vpc !== undefined ? [{ name: side.vpc, tip }] : [],
        ),
      }),
    );
  });
}

const peeringId = (name: string, region: string): string => `vpc-peering/${name}/${region}`;

function transitGatewaysOf({ transitGateways }: Topology): LinkView[] {
  return transitGateways.map(({ name, region, attachments, routeTables }) => ({
    card: {
      id: `transit-gateway/${name}`,
      kind: 'transit-gateway',
      titles: [`transit gateway ${name}`, name],
      addresses: [],
      tip: [
        `transit gateway ${name}`,
        ...routeTables.map(
          ({ name: table, routes }) =>
            `route table ${table}: ${routes?.map(({ to, via }) => `${formatCidr(to)} to ${via ?? 'blackhole'}`).join(', ') ?? 'not known'}`,
        ),
      ].join('\n'),
    },
    region,
    vpcs: attachments.flatMap(({ name: attachment, resource, association }) =>
      resource.type === 'vpc'
        ? [
            {
              name: resource.vpc,
              tip: `attachment ${attachment} of ${resource.vpc} in ${resource.subnets.join(', ')}, associated with ${association ?? 'no route table'}`,
            },
          ]
        : [],
    ),
  }));
}

function vpnGatewaysOf({ vpcs }: Topology): LinkView[] {
  return vpcs.flatMap(({ name, region, vpnGateway }) =>
    vpnGateway
      ? [
          {
            card: {
              id: `vpn-gateway/${vpnGateway.name}`,
              kind: 'vpn-gateway',
              titles: [`VPN gateway ${vpnGateway.name}`, vpnGateway.name],
              addresses: [],
              tip: `virtual private gateway ${vpnGateway.name} of ${name}, ${vpnGateway.state}`,
            },
            region,
            vpcs: [{ name, tip: `virtual private gateway of ${name}` }],
          },
        ]
      : [],
  );
}

function wiresOf({ connections, transitGateways, peerings }: Topology): WireView[] {
  const words = { vpn: 'VPN connection', 'direct-connect': 'Direct Connect' } as const;
  const overVpn = connections.map(({ name, type, gateway, network, state }): WireView => {
    const transit = transitGateways.some((one) => one.name === gateway);
    return {
      from: `${transit ? 'transit-gateway' : 'vpn-gateway'}/${gateway}`,
      to: `on-premises/${network}`,
      look: state === 'down' ? 'vpn-down' : type === 'vpn' ? 'vpn' : 'link',
      tip: `${words[type]} ${name} from ${gateway} to ${network}, ${state}`,
    };
  });
  const ofGateways = transitGateways.flatMap(({ name, attachments }) =>
    attachments.flatMap(({ resource }): WireView[] =>
      resource.type === 'peering' && resource.transitGateway !== undefined && name < resource.transitGateway
        ? [
            {
              from: `transit-gateway/${name}`,
              to: `transit-gateway/${resource.transitGateway}`,
              look: 'link',
              tip: `peering of transit gateways ${name} and ${resource.transitGateway}`,
            },
          ]
        : [],
    ),
  );
  const overRegions = peerings.flatMap(({ name, requester, accepter }): WireView[] =>
    requester.vpc !== undefined && accepter.vpc !== undefined && requester.region !== accepter.region
      ? [
          {
            from: peeringId(name, requester.region),
            to: peeringId(name, accepter.region),
            look: 'link',
            tip: `VPC peering ${name} from ${requester.region} to ${accepter.region}`,
          },
        ]
      : [],
  );
  return [...overVpn, ...ofGateways, ...overRegions];
}
