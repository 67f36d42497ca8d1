/** Nobody can see from outside whether a process listens: declared ports are believed, others are assumed. */
import { describe, expect, test } from 'vitest';
import { devices, onlyPath, step } from '../support/reading.ts';
import { loadWorld, traceOf } from '../support/worlds.ts';

const world = loadWorld('two-nodes');
const [from, declared, undeclared] = ['pod/default/p1', 'pod/default/p3:8080', 'pod/default/p3:9999'];

test('a containerPort is a listener: nothing is assumed', () => {
  const trace = traceOf(world, from, declared, { strictListen: true });
  expect(trace.verdict).toBe('reachable');
  expect(trace.assumptions).toEqual([]);
});

describe('a port that nothing declares', () => {
  test('is taken to be open, and the trace says that it assumes so', () => {
    const trace = traceOf(world, from, undeclared);
    expect(trace.verdict).toBe('reachable');
    expect(trace.assumptions).toEqual(['a process listens on tcp/9999 in pod/default/p3']);
    expect(step(onlyPath(trace).hops.at(-1)!, 'socket').because).toContain('nothing declares it');
  });

  test('refuses at once where only declared ports count', () => {
    const trace = traceOf(world, from, undeclared, { strictListen: true });
    expect(trace.verdict).toBe('unreachable');
    expect(trace.symptom.kind).toBe('refused');
    expect(onlyPath(trace)).toMatchObject({
      disposition: 'rejected',
      code: 'host/not-listening',
      device: 'pod/default/p3',
    });
    expect(trace.assumptions).toEqual([]);
  });

  test('its RST goes all the way back to the client', () => {
    const { hops, reply } = onlyPath(traceOf(world, from, undeclared, { strictListen: true }));
    expect(reply.disposition).toBe('delivered');
    expect(devices(reply.hops)).toEqual(devices(hops).reverse());
  });

  test('over UDP the refusal is an ICMP port unreachable', () => {
    const trace = traceOf(world, from, undeclared, { protocol: 'udp', strictListen: true });
    expect(trace.symptom.kind).toBe('icmp-port-unreachable');
    expect(onlyPath(trace).reply.hops[0]!.out).toMatchObject({
      protocol: 'icmp',
      icmp: { type: 3, code: 3 },
    });
  });

  test('an outside host listens only where the topology says so', () => {
    const day = loadWorld('day');
    expect(traceOf(day, 'pod/dev/client', '1.1.1.1:443', { strictListen: true }).verdict).toBe('reachable');
    expect(traceOf(day, 'pod/dev/client', '1.1.1.1:8443', { strictListen: true }).symptom.kind).toBe(
      'refused',
    );
  });
});

test('a hop that refuses for want of a listener does not also speak of an assumed one', () => {
  const trace = traceOf(loadWorld('two-nodes'), 'pod/default/p1', 'pod/default/p3:9999', {
    strictListen: true,
  });
  const said = trace.paths[0]!.hops.at(-1)!.steps.map(({ because }) => because);
  expect(said.filter((text) => text.startsWith('assumed'))).toEqual([]);
});
