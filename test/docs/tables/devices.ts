/** What each device leaves out, in its own words. */
import { linuxLimits } from '../../../src/host/not-modelled.ts';
import { devices } from '../../../src/world/devices.ts';
import { prose } from './table.ts';

export function devicesAndLimits(): string {
  const linux = devices.filter(({ notModelled }) => notModelled === linuxLimits);
  const others = devices.filter(({ notModelled }) => notModelled !== linuxLimits && notModelled.length > 0);
  const complete = devices.filter(({ notModelled }) => notModelled.length === 0);
  return [
    section(linux.map(titleOf).join(', '), linuxLimits),
    ...others.map((device) => section(titleOf(device), device.notModelled)),
    `Nothing left out: ${complete.map(titleOf).join(', ')}.`,
  ].join('\n\n');
}

const titleOf = ({ kind, label }: { readonly kind: string; readonly label: string }): string =>
  label === kind ? `\`${kind}\`` : `${label} (\`${kind}\`)`;

function section(title: string, limits: readonly string[]): string {
  return `**${title}**\n\n${limits.map((limit) => `- ${prose(limit)}`).join('\n')}`;
}
