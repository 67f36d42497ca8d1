/** What a pod's events say while the CNI has no address for it. */
import { sha256Hex } from '../api/digest.ts';

/** The event FailedCreatePodSandBox as the kubelet prints it; the sandbox id, which is random, is made from the name. */
export function noAddressEvent(pod: string): string {
  return (
    'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox ' +
    `"${sha256Hex(pod)}": plugin type="aws-cni" name="aws-cni" failed (add): ` +
    'add cmd: failed to assign an IP address to container'
  );
}
