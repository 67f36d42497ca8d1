/** How each use of addresses looks and is called in a chart. What belongs together has hues of one family: violet what
 *  AWS puts there, orange nodes and their ENIs, blue pods, and paler, hatched blue what is held for pods. Hatching and the
 *  order say the same as colour. */
import type { CapacityUse } from '../../analysis/capacity/report.ts';

export type Hatch = 'none' | 'rising' | 'falling' | 'dots' | 'cross';

export interface UseLook {
  /** For slices and lists of numbers, where the heading says that these are addresses. */
  readonly word: string;
  readonly light: string;
  readonly dark: string;
  readonly hatch: Hatch;
}

export const useLooks: Readonly<Record<CapacityUse, UseLook>> = {
  aws: { word: 'AWS', light: '#5F6B78', dark: '#8996A5', hatch: 'none' },
  'control-plane': { word: 'control plane', light: '#4B1FA8', dark: '#C9B2FF', hatch: 'none' },
  'load-balancer': { word: 'load balancers', light: '#7A3FF0', dark: '#A47CFF', hatch: 'none' },
  'nat-gateway': { word: 'NAT', light: '#9C6BFF', dark: '#8659E8', hatch: 'falling' },
  endpoint: { word: 'endpoints', light: '#C3A8FF', dark: '#6B46C1', hatch: 'dots' },
  instance: { word: 'instances', light: '#7A5200', dark: '#D6A445', hatch: 'none' },
  occupied: { word: 'others', light: '#A68A4F', dark: '#A88D58', hatch: 'dots' },
  node: { word: 'nodes', light: '#C25700', dark: '#FF9A4D', hatch: 'none' },
  interface: { word: 'ENIs', light: '#F0A35E', dark: '#A2520E', hatch: 'none' },
  trunk: { word: 'trunks', light: '#8F3F00', dark: '#E8843A', hatch: 'falling' },
  branch: { word: 'branch ENIs', light: '#B3155A', dark: '#FF82B2', hatch: 'none' },
  pod: { word: 'pods', light: '#2A5FD0', dark: '#6C97FF', hatch: 'none' },
  'prefix-pod': { word: 'pods in prefixes', light: '#1C439C', dark: '#3A66DB', hatch: 'none' },
  cooling: { word: 'cooling', light: '#007D80', dark: '#2FC4C6', hatch: 'dots' },
  warm: { word: 'warm', light: '#8FB1F5', dark: '#2F4F93', hatch: 'rising' },
  'prefix-warm': { word: 'warm in prefixes', light: '#B5CCF9', dark: '#284173', hatch: 'falling' },
  'explicit-reservation': { word: 'held back', light: '#B9C2CC', dark: '#3F4A57', hatch: 'cross' },
  'prefix-reservation': { word: 'for prefixes only', light: '#DDE8FD', dark: '#1B2B4A', hatch: 'dots' },
  free: { word: 'free', light: '#FFFFFF', dark: '#0F1419', hatch: 'none' },
};

const INK = '#16202C';
const PAPER = '#FFFFFF';

/** Ink or paper, whichever reads better on a colour (WCAG 2, relative luminance). */
export function inkOn(color: string): string {
  return contrast(color, PAPER) >= contrast(color, INK) ? PAPER : INK;
}

/** Between 1 and 21. */
export function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function luminance(color: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
