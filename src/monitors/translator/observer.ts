/** What the monitor tells those who look on; the guest's state is in the virtual processor when it does. */
export interface TranslatorObserver {
  callOut(mnemonic: string): void;
  reflected(vector: number): void;
  translated(eip: number, instructions: number): void;
  /** A page fault of the monitor's making: the shadow has an entry for this address now. */
  filled(address: number): void;
  /** A store into a page of the guest's tables or of translated code. */
  traced(address: number): void;
  /** The instruction that kept making such stores is to call out from now on, or to be itself again. */
  adapted(eip: number, callsOut: boolean): void;
  /** Units whose code was stored into. */
  dropped(units: number): void;
}
