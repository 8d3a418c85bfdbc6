import { textsBelow } from '../policy/attributes.ts';
import { asAttributes, type ResourceGraph } from '../policy/resource-graph.ts';
import { holdsSecret } from '../policy/secret-texts.ts';

/** Attributes that Terraform would keep in its state as they are. Their write-only forms end in `_wo` and are not kept. */
const keptSecrets =
  /^(?:(?:master_|admin_)?password|passwords|auth_token|secret_string|secret_binary|private_key(?:_pem)?|access_key|secret_key)$/;
/** Types whose whole purpose is a secret in the state. */
const secretTypes = /^(?:random_password|tls_private_key|aws_iam_access_key|kubernetes_secret(?:_v1)?)$/;
/** What reads a secret, and so would bring it into the state. */
const secretReaders =
  /^aws_(?:secretsmanager_secret_version|secretsmanager_random_password|ecr_authorization_token|eks_cluster_auth)$/;

/** Every way in which a secret would get into the output of synthesis or into the state of Terraform. */
export function findSecrets(graph: ResourceGraph): readonly string[] {
  return [...keptInState(graph), ...writtenOut(graph), ...passedOn(graph)];
}

function keptInState({ resources }: ResourceGraph): readonly string[] {
  return resources.flatMap(({ kind, type, path, attributes }) => {
    if (kind === 'resource' && secretTypes.test(type)) return [`${path}: ${type} keeps a secret in the state.`];
    if (kind === 'data' && secretReaders.test(type)) return [`${path}: ${type} reads a secret into the state.`];
    return [...textsBelow(attributes)]
      .filter(({ path: at }) => keptSecrets.test(at.split('.').findLast((part) => !/^\d+$/.test(part)) ?? ''))
      .map(({ path: at }) => `${path}: ${at} would be kept in the state; use its write-only form.`);
  });
}

function writtenOut({ stacks }: ResourceGraph): readonly string[] {
  return stacks.flatMap(({ name, terraform }) =>
    [...textsBelow(terraform)]
      .filter(({ text }) => holdsSecret(text))
      .map(({ path }) => `${name}: ${path} looks like a secret.`),
  );
}

/** A value that exists during a run alone may go into write-only attributes, and nowhere else. */
function passedOn({ stacks }: ResourceGraph): readonly string[] {
  return stacks.flatMap(({ name, terraform }) =>
    [...textsBelow({ resource: terraform.resource, output: asAttributes(terraform.output) })]
      .filter(({ text, path }) => text.includes('${ephemeral.') && !path.endsWith('_wo'))
      .map(({ path }) => `${name}: ${path} passes on what must not be kept.`),
  );
}
