import { DataAwsRoute53Zone } from '@cdktf/provider-aws/lib/data-aws-route53-zone/index.js';
import { Construct } from 'constructs';

export interface PublicZoneProps {
  /** Name of the zone, which exists already: whoever owns the domain has delegated it. */
  readonly name: string;
}

/** A public DNS zone that others made. */
export class PublicZone extends Construct {
  readonly zoneId: string;
  readonly zoneName: string;

  constructor(scope: Construct, id: string, { name }: PublicZoneProps) {
    super(scope, id);
    const zone = new DataAwsRoute53Zone(this, 'Resource', { name, privateZone: false });
    this.zoneId = zone.zoneId;
    this.zoneName = name;
  }
}
