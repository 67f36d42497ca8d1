/** A pod that exists and has no network: no node took it, or its node had no address for it. */
import { behaviour, type DeviceRecord } from '../trace/device.ts';
import { type Drop, drop } from '../trace/vocabulary.ts';

export interface UnplacedPod extends DeviceRecord {
  readonly code: 'pod/pending' | 'pod/no-address';
  /** In the words of the scheduler or of the CNI. */
  readonly reason: string;
}

const symptom = {
  kind: 'not-running',
  text: 'the pod does not run: it has no network, so nothing is sent to it or by it',
};

const pending = drop<UnplacedPod>({
  code: 'pod/pending',
  means: 'The pod is Pending: the scheduler found no node for it, so it has no network.',
  causes: [
    'every node is full: pods, CPU or memory',
    'taints without a toleration, a node selector or affinity that no node satisfies',
  ],
  look: ['kubectl describe pod: the event FailedScheduling'],
  symptom,
  word: ({ self }) => ({ stage: 'scheduling', because: self.reason }),
});

const noAddress = drop<UnplacedPod>({
  code: 'pod/no-address',
  means: 'The pod is on a node, and the CNI had no address for it: it stays in ContainerCreating.',
  symptom,
  causes: ['the subnet has no free address', "the instance type's ENIs and addresses are used up"],
  look: [
    'kubectl describe pod: FailedCreatePodSandBox, "failed to assign an IP address to container"',
    '/var/log/aws-routed-eni/ipamd.log on the node',
  ],
  word: ({ self }) => ({ stage: 'pod network', because: self.reason }),
});

const codes: Readonly<Record<UnplacedPod['code'], Drop>> = {
  'pod/pending': pending,
  'pod/no-address': noAddress,
};

export const unplacedPod = behaviour<UnplacedPod>({
  kind: 'unplaced-pod',
  label: 'pod without a network',
  icon: 'pod',
  notModelled: [],
  receive: (self, _packet, walk) => walk.stop(codes[self.code]),
});
