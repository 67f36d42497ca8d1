/** Listener rules: priorities, conditions, wildcards. */
import { describe, expect, test } from 'vitest';
import { cidr } from '../../src/addressing/cidr.ts';
import { ipv4 } from '../../src/addressing/ip.ts';
import type { HttpRequest } from '../../src/packet/application.ts';
import { type AlbCondition, globMatches, matchingRule } from '../../src/vpc/alb-rules.ts';
import { compileAlb } from '../../src/vpc/load-balancer.ts';
import { origin } from './rules.ts';

const request = (changes: Partial<HttpRequest> = {}): HttpRequest => ({
  kind: 'http',
  scheme: 'http',
  method: 'GET',
  host: 'day.example',
  path: '/',
  query: '',
  headers: {},
  ...changes,
});

const matches = (conditions: readonly AlbCondition[], asked: HttpRequest): boolean =>
  matchingRule([{ priority: 1, conditions, action: null, origin }], asked, ipv4('198.51.100.7')) === 0;

describe('a pattern', () => {
  test.each([
    ['/v1/*', '/v1/', true],
    ['/v1/*', '/v1', false],
    ['/a?c', '/abc', true],
    ['/a?c', '/ac', false],
    ['*.example.com', 'example.com', false],
    ['*.example.com', 'a.b.example.com', true],
    ['/*/img/*.png', '/x/img/y/img/z.png', true],
    ['/foo', '/foo/x', false],
    ['', '', true],
    ['*', '', true],
  ])('%s on %s: %s', (pattern, text, expected) => {
    expect(globMatches(pattern, text, true)).toBe(expected);
  });
});

describe('a rule condition', () => {
  test('compares hosts without case and without port, paths with case and without query', () => {
    expect(
      matches([{ field: 'host-header', values: ['Day.Example'] }], request({ host: 'day.EXAMPLE:80' })),
    ).toBe(true);
    expect(matches([{ field: 'path-pattern', values: ['/A'] }], request({ path: '/a' }))).toBe(false);
    expect(matches([{ field: 'path-pattern', values: ['/a'] }], request({ path: '/a', query: 'x=1' }))).toBe(
      true,
    );
  });

  test('holds by any of its values; a rule by all of its conditions', () => {
    const host: AlbCondition = { field: 'host-header', values: ['a.example', 'day.example'] };
    const path: AlbCondition = { field: 'path-pattern', values: ['/v1/*'] };
    expect(matches([host], request())).toBe(true);
    expect(matches([host, path], request())).toBe(false);
    expect(matches([host, path], request({ path: '/v1/x' }))).toBe(true);
  });

  test('looks at headers, methods, query strings and the peer address', () => {
    expect(
      matches(
        [{ field: 'http-header', name: 'X-Tenant', values: ['a*'] }],
        request({ headers: { 'x-tenant': 'Abc' } }),
      ),
    ).toBe(true);
    expect(matches([{ field: 'http-header', name: 'X-Tenant', values: ['*'] }], request())).toBe(false);
    expect(matches([{ field: 'http-request-method', values: ['POST'] }], request())).toBe(false);
    const version: AlbCondition = { field: 'query-string', values: [{ key: 'v', value: '1?' }] };
    expect(matches([version], request({ query: 'a=b&v=12' }))).toBe(true);
    expect(matches([version], request({ query: 'w=12' }))).toBe(false);
    expect(matches([{ field: 'source-ip', values: [cidr('198.51.100.0/24')] }], request())).toBe(true);
  });

  test('may be a regular expression', () => {
    expect(
      matches([{ field: 'path-pattern', values: ['^/v[0-9]+/'], regex: true }], request({ path: '/v12/x' })),
    ).toBe(true);
  });
});

test('rules are tried by priority, however they are listed', () => {
  const rule = (priority: number) => ({
    priority,
    conditions: [],
    action: { type: 'fixed-response' as const, statusCode: priority },
    origin,
  });
  const { listeners } = compileAlb({
    name: 'x',
    scheme: 'internal',
    crossZone: true,
    targetGroups: [],
    listeners: [
      { port: 80, protocol: 'HTTP', rules: [rule(20), rule(3)], defaultAction: rule(404).action, origin },
    ],
  });
  expect(listeners[0]!.rules.map(({ priority }) => priority)).toEqual([3, 20]);
});
