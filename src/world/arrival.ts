/** A packet that comes to a machine by one of its interfaces, wherever it is from: NODE or NODE:INTERFACE. */
import { formatIpv4, parseAddress } from '../addressing/ip.ts';
import { suggestion } from '../base/nearest.ts';
import type { LinuxHost } from '../host/linux-record.ts';
import { type Found, found, missing } from './found.ts';
import { deviceNamed, podsOf, wordOf } from './lookup.ts';
import { type Sender, sender } from './sender.ts';
import type { World } from './world.ts';

/** Kinds of devices that are Linux hosts. */
export const hostKinds: readonly string[] = ['node', 'instance', 'pod'];

/** The sender that stands for whoever sent the packet: its device is the one the packet comes to. `from` is an address,
 *  of which nothing need be known, or the name of something that has one. */
export function arrival(world: World, from: string, at: string): Found<Sender> {
  const colon = at.lastIndexOf(':');
  const [name, interfaceName] = colon < 0 ? [at] : [at.slice(0, colon), at.slice(colon + 1)];
  const device = machine(world, name);
  if (!device.ok) return device;
  const { interfaces } = world.devices[device.value] as LinuxHost; // a machine of `hostKinds` is one
  const port = interfaceName === undefined ? 1 : interfaces.findIndex((one) => one.name === interfaceName);
  // Nothing comes to a host by its lo.
  if (port < 1 || interfaces[port] === undefined)
    return missing(
      'usage/unknown-interface',
      `${name} has no interface "${interfaceName ?? ''}"`,
      suggestion(
        interfaceName ?? '',
        interfaces.slice(1).map((one) => one.name),
      ),
    );
  const address = parseAddress(from);
  const known = address === undefined ? sender(world, from) : undefined;
  if (known?.ok === false) return known;
  const source = address ?? known!.value.address;
  return found({
    device: device.value,
    port,
    address: source,
    label: `${known?.value.label ?? formatIpv4(source)} arriving at ${name}:${interfaces[port].name}`,
    namespace: known?.value.namespace,
    outside: false,
    unplaced: false,
  });
}

function machine(world: World, text: string): Found<number> {
  const word = wordOf(text);
  if (!word.ok) return word;
  const { value } = word;
  if (value.is === 'name') {
    const node = deviceNamed(world, 'node', value.name);
    return node.ok ? found(node.value.device) : node;
  }
  if (value.is === 'object' && value.kind === 'pod') {
    const pods = podsOf(world, 'pod', value.namespace, value.name);
    if (!pods.ok) return pods;
    const { device } = pods.value[0]!;
    return world.devices[device]!.kind === 'unplaced-pod' ? notAHost(text) : found(device);
  }
  if (value.is !== 'device' || !hostKinds.includes(value.kind)) return notAHost(text);
  const device = deviceNamed(world, value.kind, value.name);
  return device.ok ? found(device.value.device) : device;
}

function notAHost(text: string): { ok: false; issue: ReturnType<typeof missing>['issue'] } {
  return missing(
    'usage/not-a-host',
    `packets cannot be made to arrive at ${text}`,
    'a node, node/NAME, instance/NAME or pod/NS/NAME that runs, with :INTERFACE behind it',
  );
}
