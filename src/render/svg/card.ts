/** How a station looks: glyph, numbered circles on the line, label. Everything about its size is decided here. */
import type { Station, Stop } from '../scene.ts';
import { numberOf, type Stay } from '../stays.ts';
import { type Tag, tagOf } from '../tags.ts';
import { monoWidth, NORMAL, nameLines, SMALL, textWidth } from './metrics.ts';

export const RADIUS = 9;
/** Half the width of the circle around a stay's numbers, which a range makes longer. */
export function reachOf(stay: Stay): number {
  return Math.max(RADIUS, textWidth(numberOf(stay), SMALL, true) / 2 + 4);
}

/** Distance of two lines through one station. */
export const PITCH = 30;
/** The reply runs this far below the request. */
export const REPLY_OFFSET = 12;
const GLYPH = 16;
const PADDING = 7;
const TAG_LINE = 14;

export interface Card {
  readonly station: Station;
  readonly title: readonly string[];
  readonly subtitle: readonly string[];
  readonly width: number;
  /** Height over and under the middle of its lines, tags not included. */
  readonly above: number;
  readonly below: number;
  readonly tag: Tag | undefined;
  readonly tagWidth: number;
  readonly tagHeight: number;
}

/** What a station is called where a box around it already carries its name. */
const words: Readonly<Record<string, string>> = {
  pod: 'pod',
  node: 'kernel',
  instance: 'kernel',
  eni: 'ENI',
  subnet: 'network ACL',
  'vpc-router': 'VPC router',
  internet: 'internet',
  'internet-gateway': 'internet gateway',
  'nat-gateway': 'NAT gateway',
  'regional-nat-gateway': 'NAT gateway',
  'gateway-endpoint': 'gateway endpoint',
  'interface-endpoint': 'endpoint',
  'aws-service': 'AWS service',
  'instance-metadata': 'metadata',
  'amazon-dns': 'Amazon DNS',
  'amazon-time': 'Amazon Time',
  alb: 'ALB',
  nlb: 'NLB',
  host: 'host',
  'eks-control-plane': 'control plane',
  'aws-managed': 'service',
  'eks-api-endpoint': 'API endpoint',
  'vpc-peering': 'VPC peering',
  'transit-gateway': 'transit gateway',
  'tgw-attachment': 'attachment',
  'vpn-gateway': 'virtual private gateway',
  'vpn-connection': 'VPN connection',
  'direct-connect': 'Direct Connect',
  'on-premises': 'on-premises router',
};

/** Letters in a line of a name, and of a crowded sheet. */
const NAME = 16;
const TIGHT_NAME = 13;

export function cardOf(station: Station, tight: boolean): Card {
  const word = words[station.kind] ?? station.kind;
  const id = station.device.slice(station.device.indexOf('/') + 1);
  const held = station.boxes.some((box) => box.id === station.device);
  const name = station.own?.label ?? (held || id === station.kind ? '' : id);
  // A namespace is a detail; the name's end tells pods apart.
  const slash = station.kind === 'pod' ? name.lastIndexOf('/') : -1;
  const title = nameLines(name === '' ? word : name.slice(slash + 1), tight ? TIGHT_NAME : NAME, 3);
  const detail = station.own?.detail ?? (name === '' || name === word ? '' : word);
  const small = slash < 0 ? detail : `${name.slice(0, slash)} ${detail}`;
  const also = membersOf(station);
  const more = station.stops.reduce((sum, stop) => sum + bundledEnds(stop), 0);
  const subtitle = [
    ...(small === '' ? [] : nameLines(small, 18, 2)),
    ...also.flatMap((text) => nameLines(text, 18, 2)),
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
  const tag = joined(station.stops.map(tagOf).filter((t) => t !== undefined));
  const tagLines = tag ? [...tag.before, ...tag.after] : [];
  const numbers = Math.max(...station.stops.map((stop) => 2 * reachOf(stop.hops)));
  // Beside the numbers: the bars where a connection ends and the next begins, with their labels.
  const beside = opensLeg(station) ? 102 : Math.max(16, ...station.stops.map(againWidth));
  const width = Math.max(
    52,
    numbers + beside,
    ...title.map((line) => textWidth(line, NORMAL, true) + 2 * PADDING),
    ...subtitle.map((line) => textWidth(line, SMALL) + 2 * PADDING),
  );
  const lanes = ((slotCount(station) - 1) * PITCH) / 2;
  return {
    station,
    title,
    subtitle,
    width,
    above: lanes + RADIUS + 5 + GLYPH + PADDING,
    below:
      lanes +
      REPLY_OFFSET +
      (station.stops.some((stop) => stop.reply || losesReply(stop)) ? RADIUS + 4 : 8) +
      title.length * 14 +
      subtitle.length * 13 +
      PADDING,
    tag,
    tagWidth: tagLines.reduce((widest, line) => Math.max(widest, monoWidth(line, SMALL) + 12), 0),
    tagHeight: tag ? tagLines.length * TAG_LINE + 8 : 0,
  };
}

/** A lost reply has its number below the line. */
function losesReply(stop: Stop): boolean {
  return stop.lanes.some(
    ({ fate, replies }) =>
      fate === 'reply-lost' &&
      replies.some((run) => run.stops.findLast(({ hops }) => !hops[0]!.ghost)?.stop === stop),
  );
}

/** "again 5", right of the bar where a circling path is cut. */
export function againText({ lanes }: Stop): string | undefined {
  const again = lanes.find((lane) => lane.again !== undefined)?.again;
  return again === undefined ? undefined : `again ${again}`;
}

function againWidth(stop: Stop): number {
  const ends = stop.lanes.some((lane) => lane.stops.at(-1) === stop);
  const text = ends ? againText(stop) : undefined;
  return text === undefined ? 0 : 2 * (textWidth(text, SMALL, true) + 20);
}

/** What else a station stands for: "2 network ACLs", "its ENI". */
function membersOf(station: Station): readonly string[] {
  const kinds = new Map<string, number>();
  const own = new Set(station.stops.map((stop) => stop.hop.device.kind));
  const most = station.stops.reduce((a, b) => (b.hops.length > a.hops.length ? b : a));
  for (const { device } of most.hops)
    if (!own.has(device.kind)) kinds.set(device.kind, (kinds.get(device.kind) ?? 0) + 1);
  return [...kinds].flatMap(([kind, count]) => {
    if (kind === 'eni') return own.has('node') ? ['and ENI'] : [];
    if (kind === 'vpc-router') return ['VPC router'];
    return [count > 1 ? `${count} ${words[kind] ?? kind}s` : (words[kind] ?? kind)];
  });
}

function joined(tags: readonly Tag[]): Tag | undefined {
  if (tags.length < 2) return tags[0];
  return {
    before: [...new Set(tags.flatMap((tag) => tag.before))],
    after: [...new Set(tags.flatMap((tag) => tag.after))],
  };
}

/** Further paths of bundles that end at this stop. */
function bundledEnds(stop: Stop): number {
  return stop.lanes.reduce((sum, lane) => sum + (lane.stops.at(-1) === stop ? lane.count - 1 : 0), 0);
}

export function slotCount(station: Station): number {
  return Math.max(1, ...station.stops.map((stop) => stop.slot + 1));
}

/** An L7 load balancer: one connection ends here and the next begins. */
export function opensLeg(station: Station): boolean {
  return station.stops.some((stop) =>
    stop.lanes.some((lane) => {
      const next = lane.stops[lane.stops.indexOf(stop) + 1];
      return next !== undefined && next.hops[0]!.leg !== stop.hops[0]!.leg;
    }),
  );
}
