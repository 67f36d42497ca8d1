import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { vpcsim } from '../support/console.ts';

const plan = (...words: string[]) => vpcsim(['capacity', '--plan', ...words]);

describe('vpcsim capacity --plan', () => {
  test('prints a topology file that vpcsim reads, and the summary beside it', async () => {
    const { out, err, status } = await plan('--nodes', '4', '--pods', '40');
    expect(status).toBe(0);
    expect(err).toContain('nodes-us-east-1a');
    const folder = mkdtempSync(join(tmpdir(), 'vpcsim-plan-'));
    writeFileSync(join(folder, 'vpcsim.yaml'), out);
    const listed = await vpcsim(['get', 'pods', '-t', 'vpcsim.yaml'], { cwd: folder });
    expect(listed.err).toBe('');
    expect(listed.out.match(/Running/g)).toHaveLength(40 + 2 + 2 * 4);
  });

  test('-o json is the layout, -o text the summary', async () => {
    const json = await plan('--nodes', '4', '--pods', '40', '-o', 'json');
    expect(JSON.parse(json.out).subnets[0]).toMatchObject({ kind: 'public', az: 'us-east-1a', usable: 59 });
    const text = await plan('--nodes', '4', '--pods', '40', '-o', 'text');
    expect(text.out).toMatch(/^nodes-us-east-1a +10\.0\.0\.0\/\d+ /m);
    expect(text.err).toBe('');
  });

  test('says all that is wrong with its words at once', async () => {
    const { err, status } = await plan(
      ...['--nodes', 'many', '--zones', '9', '--instance-type', 'm5.lrge', '--margin', 'some'],
      ...['--vpc-cidr', '10.0.0.1/16', '--cni', 'WARM', '--region', 'home'],
    );
    expect(status).toBe(2);
    for (const part of [
      '--nodes "many" is no whole number',
      '--plan needs --pods',
      '--zones "9" is no whole number from 2 to 6',
      'did you mean m5.large',
      '--margin "some" is no share',
      'did you mean 10.0.0.0/16?',
      'write NAME=VALUE',
      '--region "home" is no Region',
    ])
      expect(err).toContain(part);
  });

  test('what AWS or the VPC CNI would refuse is told as of a file', async () => {
    const size = await plan('--nodes', '4', '--pods', '40', '--vpc-cidr', '10.0.0.0/12');
    expect(size).toMatchObject({ status: 2, out: '' });
    expect(size.err).toContain('a VPC block is a /16 to a /28');
    const joined = await plan(
      '--nodes',
      '4',
      '--pods',
      '40',
      '--vpc-cidr',
      '10.0.0.0/16',
      '--vpc-cidr',
      '192.168.0.0/16',
    );
    expect(joined.err).toContain('cidr/not-associable');
    const setting = await plan('--nodes', '4', '--pods', '40', '--cni', 'WARM_IP_TARGTE=5');
    expect(setting.err).toContain('did you mean WARM_IP_TARGET?');
    expect(setting.status).toBe(0);
  });

  test('a demand that does not fit ends with what would do', async () => {
    const { out, err, status } = await plan(
      '--nodes',
      '50',
      '--pods',
      '1500',
      '--vpc-cidr',
      '10.0.0.0/24',
      '--instance-type',
      'm5.xlarge',
    );
    expect({ out, status }).toEqual({ out: '', status: 2 });
    expect(err).toContain('plan/vpc-too-small');
    expect(err).toContain('hint  would do: --vpc-cidr 10.0.0.0/19');
  });

  test('its options mean nothing without --plan', async () => {
    const { err, status } = await vpcsim(['capacity', '--zones', '3']);
    expect(status).toBe(2);
    expect(err).toContain('--plan');
  });
});

describe('vpcsim capacity as a picture', () => {
  test.each([
    ['svg', /^<\?xml [^>]*><svg [\s\S]*<\/svg>\n$/],
    ['html', /^<!doctype html>\n[\s\S]*<\/html>\n$/],
  ])('-o %s prints one document that stands alone', async (format, document) => {
    const { out, err, status } = await vpcsim(['capacity', '-t', 'day', '--growth', '5%/week', '-o', format]);
    expect({ err, status }).toEqual({ err: '', status: 0 });
    expect(out).toMatch(document);
    expect(out).toContain('runs out in week');
  });
});
