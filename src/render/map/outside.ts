/** What stands outside every VPC: the internet, its named hosts, and the public endpoint of the cluster's API. */
import { formatIpv4 } from '../../addressing/ip.ts';
import type { World } from '../../world/world.ts';
import { type Block, block, moved, writing } from './block.ts';
import { BESIDE_TEXT, type CardText, cardBlock } from './card-block.ts';
import { widthOf } from './fit.ts';

const LEAST_CARD = 106;
const PAD = 6;
const HEADER = 22;
const MOST_HOSTS = 12;

export function outsideBlock(world: World): Block {
  const known = world.topology.hosts.filter(({ name }) => name !== 'internet');
  const shown = known.slice(0, known.length > MOST_HOSTS + 1 ? MOST_HOSTS : undefined);
  const any = world.topology.hosts.find(({ name }) => name === 'internet');
  const cards: CardText[] = [
    {
      id: 'internet',
      kind: 'internet',
      titles: ['internet'],
      addresses: any ? [formatIpv4(any.address)] : [],
      tip: any ? `the internet; "internet" as a sender is ${formatIpv4(any.address)}` : 'the internet',
    },
    ...endpointsOf(world),
    ...shown.map(
      ({ name, address }): CardText => ({
        id: `host/${name}`,
        kind: 'host',
        titles: [name],
        addresses: [formatIpv4(address)],
        tip: `host ${name} ${formatIpv4(address)}`,
      }),
    ),
    ...(shown.length < known.length
      ? [
          {
            id: 'host/and others',
            kind: 'host',
            titles: [`${known.length - shown.length} more hosts`],
            addresses: [],
            tip: known
              .slice(MOST_HOSTS)
              .map(({ name, address }) => `${name} ${formatIpv4(address)}`)
              .join('\n'),
          },
        ]
      : []),
  ];
  const widest = Math.max(
    ...cards.flatMap(({ addresses }) => addresses.map((text) => widthOf(text, 'mono'))),
    0,
  );
  const cardWidth = Math.max(LEAST_CARD, BESIDE_TEXT + Math.ceil(widest));
  let y = HEADER;
  const children = cards.map((card) => {
    const placed = moved(cardBlock(card, cardWidth), PAD, y);
    y += placed.height + PAD;
    return placed;
  });
  return block({
    id: 'outside',
    look: 'box box-outside',
    width: cardWidth + 2 * PAD,
    height: y,
    marks: [writing('outside', 8, 15, 'small quiet')],
    children,
  });
}

function endpointsOf(world: World): CardText[] {
  return world.devices.flatMap((device) =>
    device.kind === 'eks-api-endpoint'
      ? [
          {
            id: `eks-api-endpoint/${device.id}`,
            kind: 'eks-api-endpoint',
            titles: ['EKS API endpoint', 'EKS API'],
            addresses: 'address' in device ? [formatIpv4(Number(device.address))] : [],
            tip: device.name,
          },
        ]
      : [],
  );
}
