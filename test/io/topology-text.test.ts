/** `vpcsim get -o yaml`: an input as one file that builds the same world. */
import { describe, expect, test } from 'vitest';
import { loadTopology } from '../../src/io/load-topology.ts';
import { topologyText } from '../../src/io/topology-text.ts';
import type { Topology } from '../../src/world/topology.ts';
import { shipped } from '../support/shipped.ts';
import { loadShipped, shippedFiles } from '../support/worlds.ts';
import { line } from './input.ts';

/** What a topology says, without where it is said. */
const said = ({ warnings: _, defaults: __, ...topology }: Topology): string =>
  JSON.stringify(topology, (key, value) => {
    if (key === 'origin') return undefined;
    return value instanceof Map ? [...value] : value;
  });

function again(text: string): Topology {
  const read = (path: string) => (path === 'one.yaml' ? { text } : shippedFiles.read(path));
  const loaded = loadTopology('one.yaml', read, () => []);
  if (!loaded.ok) throw new Error(loaded.issues.map(line).join('\n'));
  return loaded.value;
}

const variants = shipped.map(({ title }) => /^(\S+)(?: \((.*)\))?$/.exec(title)!);

test.for(variants.map(([title, name, variant]) => ({ title, name: name!, variant })))(
  '$title says the same when it is written as one file',
  ({ name, variant }) => {
    const text = topologyText(`${name}.yaml`, shippedFiles.read, shippedFiles.list, { variant });
    if (!text.ok) throw new Error(text.issues.map(line).join('\n'));
    const whole = { ...loadShipped(name, variant), ...(variant && { variants: [] }) };
    expect(said(again(text.value))).toBe(said(whole));
  },
);

describe('texts', () => {
  const written = (description: string): string => {
    const text = `apiVersion: vpcsim/v1\nkind: Topology\nmetadata: {name: t, description: ${JSON.stringify(description)}}\n`;
    const found = topologyText(
      't.yaml',
      () => ({ text }),
      () => [],
    );
    if (!found.ok) throw new Error(found.issues.map(line).join('\n'));
    return /description: (.*?) \}\n/.exec(found.value)![1]!;
  };

  test('stand in quotes where YAML would take them for something else', () => {
    expect(written('yes')).toBe('"yes"');
    expect(written('1.30')).toBe('"1.30"');
    expect(written('10.0.0.0/8')).toBe('10.0.0.0/8');
    expect(written('sg/web')).toBe('sg/web');
    expect(written('a: b, {c}')).toBe('"a: b, {c}"');
  });
});
