/** The legend: the signs of what is on the sheet, and no others. */
import { absolute, type Block, block, type Mark, writing } from './block.ts';
import { widthOf } from './fit.ts';
import { flow } from './flow.ts';

/** Looks through the map for what needs explaining. */
export function legend(map: Block, width: number): Block {
  const all = [...absolute(map)];
  const looks = new Set(
    all.flatMap(({ look, marks, lines }) => [
      ...look.split(' '),
      ...marks.flatMap((mark) => (mark.kind === 'rect' ? mark.look.split(' ') : [])),
      ...lines.map((line) => `route-${line.look}`),
    ]),
  );
  const signs: readonly (readonly [needs: string, sign: Mark, text: string])[] = [
    ['box-subnet-public', swatch('box box-subnet-public'), 'public subnet'],
    ['box-subnet', swatch('box box-subnet'), 'private subnet'],
    ['box-node', swatch('box box-node'), 'node'],
    ['box-eni', swatch('box box-eni'), 'network interface (ENI)'],
    ['chip', swatch('box box-pod chip'), 'pod'],
    ['unready', swatch('box box-pod chip unready'), 'pod, not ready'],
    ['box-waiting', swatch('box box-waiting dashed'), 'pods without an address'],
    ['cell-primary', cell('primary'), "interface's own address"],
    ['cell-pod', cell('pod'), "a pod's address"],
    ['cell-warm', cell('warm'), 'warm: held for pods to come'],
    ['bar-used', bar('bar-used'), 'addresses used'],
    ['bar-full', bar('bar-full'), 'four fifths used or more'],
    ['route-gateway', stroke('gateway'), 'route to the internet gateway'],
    ['route-nat', stroke('nat'), 'route to a NAT gateway'],
    ['route-link', stroke('link'), 'peering, attachment, Direct Connect'],
    ['route-vpn', stroke('vpn'), 'VPN connection'],
    ['route-vpn-down', stroke('vpn-down'), 'connection that is down'],
  ];
  const items = signs
    .filter(([needs]) => looks.has(needs))
    .map(([needs, sign, text]) =>
      block({
        id: `legend/${needs}`,
        width: Math.ceil(widthOf(text, 'small')) + 26,
        height: 16,
        marks: [sign, writing(text, 24, 12, 'small quiet')],
      }),
    );
  const placed = flow(items, width, { gap: 18, rowGap: 4 });
  return block({ id: 'legend', width, height: placed.height, children: placed.blocks });
}

function swatch(look: string): Mark {
  return { kind: 'rect', x: 1, y: 2, width: 17, height: 12, look };
}

function cell(use: string): Mark {
  return { kind: 'rect', x: 6, y: 4, width: 8, height: 8, look: `cell cell-${use}` };
}

function bar(look: string): Mark {
  return { kind: 'rect', x: 0, y: 6, width: 18, height: 4, look };
}

function stroke(look: string): Mark {
  return { kind: 'stroke', x: 0, y: 8, look };
}
