/** The runner's devices, kept up to date while somebody looks at them. */

import { Loader } from '#lib/api/loader.svelte.ts';
import type { Device, DeviceList } from '#lib/api/types.ts';
import { api } from '#lib/session.svelte.ts';

const EVERY_MS = 3000;

export class Garage {
  readonly loaded = new Loader(() => api.get<DeviceList>('/v1/devices'));
  /** The time of the last answer: what "5 minutes ago" is counted from. */
  now_ms = $state.raw(Date.now());

  readonly devices = $derived<Device[]>(this.loaded.value?.items ?? []);
  readonly bridges = $derived(this.devices.filter((device) => device.kind === 'bridge'));

  load = async (): Promise<void> => {
    await this.loaded.load();
    this.now_ms = Date.now();
  };

  /** Ask again and again. Returns what ends it. */
  watch(): () => void {
    void this.load();
    return this.loaded.every(EVERY_MS, this.load);
  }

  seenBy(bridge: Device): Device[] {
    return this.devices.filter((device) => device.bridge_id === bridge.id);
  }

  async rename(device: Device, name: string): Promise<void> {
    await api.patch(`/v1/devices/${device.id}`, { name });
    await this.load();
  }

  async remove(device: Device): Promise<void> {
    await api.delete(`/v1/devices/${device.id}`);
    await this.load();
  }
}
