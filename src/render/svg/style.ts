/** Colours and type of the diagrams, light and dark. Plain class rules, no CSS variables: converters of SVG to PNG
 *  know classes only. Path colours are those of Okabe and Ito's palette, which the colour-blind can tell apart;
 *  where a line would have less than 3 to 1 on its ground it is darkened (or lightened) in its own hue. */
import { NORMAL, SMALL, TITLE } from './metrics.ts';

export const SANS = 'system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Liberation Sans", sans-serif';
export const MONOSPACE = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace';

interface Theme {
  readonly sheet: string;
  readonly ink: string;
  readonly quiet: string;
  readonly faint: string;
  readonly card: string;
  readonly tag: string;
  readonly delivered: string;
  readonly blocked: string;
  readonly undetermined: string;
  readonly reply: string;
  /** A line whose branches end differently. */
  readonly mixed: string;
  readonly onLine: string;
}

export const light: Theme = {
  sheet: '#FFFFFF',
  ink: '#16202C',
  quiet: '#4E5B69',
  faint: '#C9D1D9',
  card: '#FFFFFF',
  tag: '#FFF8E1',
  delivered: '#007D5B',
  blocked: '#BF4D00',
  undetermined: '#8F6400',
  reply: '#0072B2',
  mixed: '#4E5B69',
  onLine: '#FFFFFF',
};

export const dark: Theme = {
  sheet: '#0F1419',
  ink: '#E8EDF2',
  quiet: '#A9B4C0',
  faint: '#3A4552',
  card: '#161D25',
  tag: '#2B2613',
  delivered: '#1FC79A',
  blocked: '#FF8A3D',
  undetermined: '#F0B429',
  reply: '#56B4E9',
  mixed: '#A9B4C0',
  onLine: '#0F1419',
};

/** Borders of boxes as AWS's architecture diagrams have them (general knowledge), and lightened for the dark sheet. */
export const borders: Readonly<Record<string, { readonly light: string; readonly dark: string }>> = {
  account: { light: '#E7157B', dark: '#FF5FA8' },
  region: { light: '#00A4A6', dark: '#2FC4C6' },
  vpc: { light: '#8C4FFF', dark: '#B18CFF' },
  az: { light: '#00A4A6', dark: '#2FC4C6' },
  'subnet-public': { light: '#6C8F0E', dark: '#A3C93A' },
  subnet: { light: '#00A4A6', dark: '#2FC4C6' },
  node: { light: '#ED7100', dark: '#FF9A4D' },
  pod: { light: '#326CE5', dark: '#7FA6FF' },
  gateway: { light: '#8C4FFF', dark: '#B18CFF' },
  balancer: { light: '#8C4FFF', dark: '#B18CFF' },
  eni: { light: '#ED7100', dark: '#FF9A4D' },
  premises: { light: '#6B7785', dark: '#98A4B3' },
  outside: { light: '#6B7785', dark: '#98A4B3' },
};

const fills: Readonly<Record<string, number>> = {
  'subnet-public': 0.05,
  subnet: 0.05,
  node: 0.04,
  pod: 0.06,
};

/** The rules of every diagram. */
export function styleSheet(): string {
  return themed((side) => rules(side === 'light' ? light : dark, side), shape);
}

/** Rules whose colors follow the reader's scheme, and those of shape. Inlined in a page, they must not touch the rest of
 *  it. */
export function themed(
  colors: (side: 'light' | 'dark') => readonly string[],
  shape: readonly string[],
): string {
  return [
    scoped(colors('light')),
    `@media (prefers-color-scheme: dark) {\n${scoped(colors('dark'))}\n}`,
    scoped(shape),
  ].join('\n');
}

function scoped(css: readonly string[]): string {
  return css.map((rule) => `.vpcsim ${rule}`).join('\n');
}

function rules(t: Theme, side: 'light' | 'dark'): readonly string[] {
  const lines = ['delivered', 'blocked', 'undetermined', 'reply', 'mixed'] as const;
  return [
    `.sheet{fill:${t.sheet}}`,
    `text{fill:${t.ink}}`,
    `.quiet{fill:${t.quiet}}`,
    `.card{fill:${t.card};stroke:${t.quiet}}`,
    `.hollow{fill:${t.card}}`,
    `.glyph{stroke:${t.quiet}}`,
    `.tag{fill:${t.tag};stroke:${t.faint}}`,
    `.number{fill:${t.onLine}}`,
    `.callout{fill:${t.card};stroke:${t.blocked}}`,
    ...lines.flatMap((name) => [`.line-${name}{stroke:${t[name]}}`, `.fill-${name}{fill:${t[name]}}`]),
    ...Object.entries(borders).flatMap(([kind, color]) => [
      `.box-${kind}{stroke:${color[side]};fill:${color[side]};fill-opacity:${fills[kind] ?? 0}}`,
      `.edge-${kind}{stroke:${color[side]}}`,
    ]),
  ];
}

const shape = [
  `text{font-family:${SANS};font-size:${NORMAL}px}`,
  `.small{font-size:${SMALL}px}`,
  `.title{font-size:${TITLE}px;font-weight:600}`,
  '.strong{font-weight:600}',
  `.mono{font-family:${MONOSPACE};font-size:${SMALL}px}`,
  '.box{stroke-width:1.25}',
  '.dashed{stroke-dasharray:6 4}',
  '.card,.tag,.callout{stroke-width:1}',
  '.card{stroke-opacity:.55}',
  '.card.named{stroke-opacity:1}',
  '.glyph{fill:none;stroke-width:1.4;stroke-linecap:round;stroke-linejoin:round}',
  '.request{fill:none;stroke-width:2.5}',
  '.bundle{stroke-width:5}',
  '.reply{fill:none;stroke-width:1.5}',
  '.lost{stroke-dasharray:5 3}',
  '.ghost{opacity:.45}',
  '.request.ghost{stroke-dasharray:1.5 4;stroke-linecap:round}',
  '.hollow{stroke-width:1.5;stroke-opacity:.6}',
  '.bar{fill:none;stroke-width:5;stroke-linecap:round}',
  '.leader{fill:none;stroke-width:1.25;stroke-dasharray:3 3}',
  '.callout{stroke-width:1.5}',
  '.break{fill:none;stroke-width:1.5}',
];
