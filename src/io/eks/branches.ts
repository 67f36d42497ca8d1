/** Branch interfaces of pods with security groups of their own: the VPC resource controller writes them into the pod's
 *  annotation (amazon-vpc-resource-controller-k8s pkg/provider/branch/trunk, type ENIDetails). */
import { type Account, all } from '../aws/account.ts';
import { groupsOf } from '../aws/interfaces.ts';
import { text } from '../aws/resource.ts';
import { isMap } from '../members.ts';
import { type KubeValue, textAt, type Value } from './values.ts';

const ANNOTATION = 'vpc.amazonaws.com/pod-eni';

/** Node -> branches of its pods, as interfaces of the topology file. */
export function branchesOf(
  account: Account,
  pods: readonly KubeValue[],
): ReadonlyMap<string, readonly Value[]> {
  const enis = new Map(
    all(account, 'NetworkInterfaces').map((eni) => [text(eni, 'NetworkInterfaceId'), eni]),
  );
  const found = new Map<string, Value[]>();
  for (const pod of pods) {
    const written = pod.metadata.annotations?.[ANNOTATION];
    const node = textAt(pod, 'spec', 'nodeName');
    if (written === undefined || node === undefined) continue;
    const details = detailsOf(written);
    const eni = enis.get(details?.eniId as string);
    if (!details || !eni) {
      account.reading.warn(account.reading.of(pod), {
        code: 'eks/branch-left-out',
        message: details
          ? `no file describes ${details.eniId}, the interface of pod ${pod.metadata.name}`
          : `annotation ${ANNOTATION} of pod ${pod.metadata.name} is not understood`,
      });
      continue;
    }
    const value: Value = {
      name: details.eniId,
      type: 'branch',
      vlan: details.vlanId,
      subnet: text(eni, 'SubnetId'),
      addresses: [details.privateIp],
      securityGroups: groupsOf(eni, 'Groups'),
    };
    account.reading.origins.set(value, account.reading.of(pod));
    found.set(node, [...(found.get(node) ?? []), value]);
  }
  return found;
}

function detailsOf(written: string): Value | undefined {
  try {
    const [first] = [JSON.parse(written)].flat() as unknown[];
    const good =
      isMap(first) &&
      typeof first.eniId === 'string' &&
      typeof first.vlanId === 'number' &&
      typeof first.privateIp === 'string';
    return good ? first : undefined;
  } catch {
    return undefined;
  }
}
