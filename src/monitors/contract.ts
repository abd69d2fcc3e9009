/** What monitors have in common: they make virtual machines of a machine, and tell what happens in them. */

/** Something a monitor did, for event logs. Words are the field's terms; pages translate them. */
export interface MonitorEvent {
  readonly clock: number;
  readonly kind:
    | 'simulate' // a privileged operation was simulated
    | 'reflect' // an interruption was reflected to the guest
    | 'dispatch' // a virtual machine was given the processor
    | 'shadow-fault' // a shadow-table entry was filled
    | 'shadow-purge'
    | 'page-in'
    | 'page-out'
    | 'io-start' // a translated channel program was started
    | 'io-end'
    | 'console'
    | 'command';
  /** Level of the monitor that speaks. */
  readonly level: number;
  /** Name of the virtual machine concerned. */
  readonly subject: string;
  /** Guest instruction address, or null. */
  readonly address: number | null;
  readonly detail: Readonly<Record<string, string | number>>;
}
