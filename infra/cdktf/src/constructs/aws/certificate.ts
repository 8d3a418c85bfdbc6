import { AcmCertificate } from '@cdktf/provider-aws/lib/acm-certificate/index.js';
import { AcmCertificateValidation } from '@cdktf/provider-aws/lib/acm-certificate-validation/index.js';
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record/index.js';
import { Construct } from 'constructs';
import type { PublicZone } from './public-zone.ts';

export interface CertificateProps {
  /** The one name it is for. Wildcards are refused: a stolen key would stand for names that do not exist yet. */
  readonly hostName: string;
  /** Where the proof is published that the name is ours; it has to stay, as AWS renews by it. */
  readonly zone: PublicZone;
}

/** A certificate that AWS renews by itself. Its ARN is known once AWS has issued it. */
export class Certificate extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { hostName, zone }: CertificateProps) {
    super(scope, id);
    if (hostName.includes('*'))
      throw new Error(`A certificate for ${hostName} would stand for names that do not exist yet.`);
    const certificate = new AcmCertificate(this, 'Resource', {
      domainName: hostName,
      validationMethod: 'DNS',
      keyAlgorithm: 'RSA_2048',
      options: { certificateTransparencyLoggingPreference: 'ENABLED' },
      // A listener refuses to lose its certificate: the next one comes before the last one goes.
      lifecycle: { createBeforeDestroy: true },
    });
    const proof = certificate.domainValidationOptions.get(0);
    const record = new Route53Record(this, 'Proof', {
      zoneId: zone.zoneId,
      name: proof.resourceRecordName,
      type: proof.resourceRecordType,
      records: [proof.resourceRecordValue],
      ttl: 300,
      allowOverwrite: true,
    });
    const validation = new AcmCertificateValidation(this, 'Validation', {
      certificateArn: certificate.arn,
      validationRecordFqdns: [record.fqdn],
    });
    this.arn = validation.certificateArn;
  }
}
