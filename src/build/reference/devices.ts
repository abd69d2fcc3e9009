// Collects what the reference prints of devices and channels, from their support matrix.
import type { Figure } from '../../machines/s370/devices/figures.ts';
import { CHANNEL_FIGURES, CHANNEL_SUPPORT, DEVICE_SUPPORT } from '../../machines/s370/devices/support.ts';
import type { DeviceEntry, DeviceFigure, Feature } from '../../site/reference/data.ts';

const figures = (of: Readonly<Record<string, Figure>>): readonly DeviceFigure[] =>
  Object.entries(of).map(([name, figure]) => ({ name, ...figure }));

export const devices = (): readonly DeviceEntry[] =>
  DEVICE_SUPPORT.map((device, i) => ({
    model: device.model,
    name: device.name,
    commands: device.commands.map(({ note, ...command }) => ({ ...command, note: note ?? null })),
    commandsAs:
      DEVICE_SUPPORT.slice(0, i).find(({ commands }) => commands === device.commands)?.model ?? null,
    figures: figures(device.figures),
    simplified: device.simplified,
  }));

export const channels = (): readonly Feature[] =>
  CHANNEL_SUPPORT.map(({ feature, support, note }) => ({ name: feature, support, note: note ?? null }));

export const channelFigures = (): readonly DeviceFigure[] => figures(CHANNEL_FIGURES);
