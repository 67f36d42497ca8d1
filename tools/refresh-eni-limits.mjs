/** Puts what `aws ec2 describe-instance-types` printed into the table of instance types:
 *
 *    node tools/refresh-eni-limits.mjs FILE [--date YYYY-MM-DD] [--table src/cni/data/eni-limits.ts]
 *
 *  Limits, hypervisor, vCPUs and memory become EC2's. Branch ENIs, of which EC2 does not speak, and types that FILE
 *  lacks stay as they are. */
import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';

const BODY = /(export const ENI_LIMITS = `\n)([\s\S]*?)(`;\n)/;
const FIRST_LINE = /limits of \d+ EC2 instance types/;
const EC2_LINE = / \*\s+aws ec2 describe-instance-types \(.*\)\.\n/;
const HEADER_END = / \* {1,2}(?=its instance type reference)/;

try {
  main();
} catch (error) {
  process.stderr.write(`refresh-eni-limits: ${error.message}\n`);
  process.exitCode = 2;
}

function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      date: { type: 'string', default: new Date().toISOString().slice(0, 10) },
      table: { type: 'string', default: 'src/cni/data/eni-limits.ts' },
    },
  });
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0)
    throw new Error('give one file: what describe-instance-types printed');
  const source = readFileSync(values.table, 'utf8');
  const body = BODY.exec(source)?.[2];
  if (body === undefined) throw new Error(`${values.table} holds no table of instance types`);
  const rows = readTable(body);
  const said = merge(rows, describedIn(file));
  const written = source
    .replace(BODY, (_, start, _old, end) => `${start}${tableText(rows)}${end}`)
    .replace(FIRST_LINE, `limits of ${rows.size} EC2 instance types`)
    .replace(EC2_LINE, '')
    .replace(HEADER_END, (start) => ` *  aws ec2 describe-instance-types (${values.date}).\n${start}`);
  writeFileSync(values.table, written);
  process.stdout.write(`${said.map((line) => `${line}\n`).join('')}${summary(said, rows)}\n`);
}

/** Rows by the name of the type: the fields behind the size, as strings. */
function readTable(body) {
  const rows = new Map();
  for (const line of body.trim().split('\n')) {
    const [family, ...types] = line.split(' ');
    for (const type of types) {
      const [size, ...fields] = type.split(':');
      rows.set(`${family}.${size}`, fields);
    }
  }
  return rows;
}

function describedIn(file) {
  let value;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file}: ${error.message}`);
  }
  if (!Array.isArray(value?.InstanceTypes) || value.InstanceTypes.length === 0)
    throw new Error(`${file} has no types under "InstanceTypes"`);
  return value.InstanceTypes.map((type) => [type.InstanceType, fieldsOf(type, file)]);
}

/** ENIs, addresses, cards, machine, vCPUs, and memory: what EC2 knows. */
function fieldsOf(type, file) {
  const { InstanceType: name, NetworkInfo: network, Hypervisor, BareMetal, VCpuInfo, MemoryInfo } = type;
  const cards = (network?.NetworkCards ?? []).map((card) => card.MaximumNetworkInterfaces);
  const enis = cards[network?.DefaultNetworkCardIndex ?? 0] ?? network?.MaximumNetworkInterfaces;
  const addresses = network?.Ipv4AddressesPerInterface;
  if (!/^[a-z0-9-]+\.[a-z0-9-]+$/.test(name) || !(enis > 0) || !(addresses > 0))
    throw new Error(`${file}: ${name ?? 'a type without a name'} has no limits of ENIs and addresses`);
  const alike = cards.every((each) => each === enis);
  const machine = { nitro: 'n', xen: 'x' }[Hypervisor] ?? 'u';
  return {
    enis: String(enis),
    addresses: String(addresses),
    cards: alike ? String(Math.max(1, cards.length)) : cards.join('+'),
    machine: BareMetal ? `${machine}m` : machine,
    vcpus: VCpuInfo?.DefaultVCpus === undefined ? '?' : String(VCpuInfo.DefaultVCpus),
    memory: MemoryInfo?.SizeInMiB === undefined ? '' : String(MemoryInfo.SizeInMiB),
  };
}

/** Changes the rows; gives a line for each type that is new or has other limits. */
function merge(rows, described) {
  const said = [];
  for (const [name, found] of described) {
    const known = rows.get(name);
    const [enis, addresses] = known ?? [];
    if (!known) said.push(`new      ${name}: ${found.enis} ENIs x ${found.addresses} addresses`);
    else if (enis !== found.enis || addresses !== found.addresses)
      said.push(
        `changed  ${name}: ${enis} x ${addresses} before, ${found.enis} ENIs x ${found.addresses} addresses`,
      );
    const vcpus = found.vcpus === '?' ? (known?.[4] ?? '?') : found.vcpus;
    const [branches, only] = known ? [known[5], known[6] ?? ''] : ['?', 'k'];
    const memory = found.memory || (known?.[7] ?? '');
    rows.set(name, [found.enis, found.addresses, found.cards, found.machine, vcpus, branches, only, memory]);
  }
  return said;
}

function tableText(rows) {
  const families = new Map();
  for (const name of [...rows.keys()].sort(byFamilyAndSize)) {
    const [family, size] = name.split('.');
    const fields = rows.get(name);
    const text = [size, ...fields].join(':').replace(/:+$/, '');
    families.set(family, [...(families.get(family) ?? []), text]);
  }
  return [...families].map(([family, types]) => `${family} ${types.join(' ')}\n`).join('');
}

function byFamilyAndSize(one, other) {
  const [a, b] = [one.replace('.', ' '), other.replace('.', ' ')];
  return a < b ? -1 : 1;
}

function summary(said, rows) {
  const count = (word) => said.filter((line) => line.startsWith(word)).length;
  return `${rows.size} types: ${count('new')} new, ${count('changed')} with other limits`;
}
