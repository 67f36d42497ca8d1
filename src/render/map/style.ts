/** What the map's style sheet has beyond that of the trace diagrams. */
import { borders, dark, light, styleSheet, themed } from '../svg/style.ts';

export function mapStyleSheet(): string {
  return `${styleSheet()}\n${themed(colors, shape)}`;
}

function colors(side: 'light' | 'dark'): readonly string[] {
  const theme = side === 'light' ? light : dark;
  const border = (kind: string): string => borders[kind]![side];
  return [
    `.box-waiting{stroke:${theme.blocked};fill:none}`,
    `.edge-blocked{stroke:${theme.blocked}}`,
    `.cell-primary{fill:${border('node')};stroke:${border('node')}}`,
    `.cell-pod{fill:${border('pod')};stroke:${border('pod')}}`,
    `.cell-warm{fill:${theme.card};stroke:${border('outside')}}`,
    `.bar-ground{fill:${theme.faint}}`,
    `.bar-used{fill:${theme.quiet}}`,
    `.bar-full{fill:${theme.blocked}}`,
    `.route-gateway{stroke:${border('gateway')}}`,
    `.route-nat{stroke:${border('subnet')}}`,
    `.route-internet{stroke:${border('outside')}}`,
    `.route-link{stroke:${theme.reply}}`,
    `.route-vpn{stroke:${border('outside')}}`,
    `.route-vpn-down{stroke:${theme.blocked}}`,
    `.end-link{fill:${theme.reply}}`,
    `.end-vpn{fill:${border('outside')}}`,
    `.end-vpn-down{fill:${theme.blocked}}`,
    `.end-gateway{fill:${border('gateway')}}`,
    `.end-nat{fill:${border('subnet')}}`,
    `.end-internet{fill:${border('outside')}}`,
  ];
}

const shape = [
  '.route{fill:none;stroke-width:1.25}',
  '.route-nat{stroke-dasharray:4 3}',
  '.route-vpn,.route-vpn-down{stroke-dasharray:7 3}',
  '.cell{stroke-width:1}',
  '.chip{stroke-width:1;stroke-opacity:.55;fill-opacity:.1}',
  '.unready{stroke-dasharray:2 2;stroke-opacity:1;fill-opacity:0}',
  '.box-eni{stroke-width:1;stroke-opacity:.7}',
  '.many{stroke-width:2.25}',
];
