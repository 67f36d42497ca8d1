/** How a station looks: glyph, numbered circles on the line, label. Everything about its size is decided here. */
import { type Station, type Stop, type Tag, tagOf } from '../scene.ts';
import { monoWidth, NORMAL, nameLines, SMALL, textWidth } from './metrics.ts';

export const RADIUS = 9;
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
  instance: 'instance',
  eni: 'ENI',
  subnet: 'network ACL',
  'vpc-router': 'VPC router',
  internet: 'internet',
  'internet-gateway': 'internet gateway',
  'nat-gateway': 'NAT gateway',
  alb: 'ALB',
  nlb: 'NLB',
  host: 'host',
  'eks-control-plane': 'control plane',
  'eks-api-endpoint': 'API endpoint',
};

export function cardOf(station: Station): Card {
  const word = words[station.kind] ?? station.kind;
  const id = station.device.slice(station.device.indexOf('/') + 1);
  const held = station.boxes.some((box) => box.id === station.device);
  const name = station.own?.label ?? (held || id === station.kind ? '' : id);
  // A namespace is a detail; the name's end tells pods apart.
  const slash = station.kind === 'pod' ? name.lastIndexOf('/') : -1;
  const title = nameLines(name === '' ? word : name.slice(slash + 1), 16, 2);
  const detail = station.own?.detail ?? (name === '' ? '' : word);
  const small = slash < 0 ? detail : `${name.slice(0, slash)} ${detail}`;
  const more = station.stops.reduce((sum, stop) => sum + bundledEnds(stop), 0);
  const subtitle = [
    ...(small === '' ? [] : nameLines(small, 18, 2)),
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
  const tag = joined(station.stops.map(tagOf).filter((t) => t !== undefined));
  const tagLines = tag ? [...tag.before, ...tag.after] : [];
  const legs = opensLeg(station) ? 120 : 0;
  const width = Math.max(
    52,
    legs,
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
      (station.stops.some((stop) => stop.reply) ? RADIUS + 4 : 8) +
      title.length * 14 +
      subtitle.length * 13 +
      PADDING,
    tag,
    tagWidth: tagLines.reduce((widest, line) => Math.max(widest, monoWidth(line, SMALL) + 12), 0),
    tagHeight: tag ? tagLines.length * TAG_LINE + 8 : 0,
  };
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
      return next !== undefined && next.hop.leg !== stop.hop.leg;
    }),
  );
}
