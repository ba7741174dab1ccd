import { useEffect, useRef, useState } from 'preact/hooks';
import { Notice } from '../../controls/notice.tsx';
import { words } from '../../words/words.ts';
import { Sightings } from './sightings.ts';

/** The browser's Barcode Detection API, which Chromium has on most systems. */
interface BarcodeDetector {
  detect(image: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}
type Detectors = { BarcodeDetector?: new (options: { formats: string[] }) => BarcodeDetector };
const { BarcodeDetector: Detector } = globalThis as Detectors;

/** Whether codes can be scanned. False without TLS, because browsers then give no access to the camera. */
export const canScan = Detector !== undefined && navigator.mediaDevices !== undefined;

/** The interval at which frames of the video are read, in milliseconds. */
const everyMs = 200;

/** Reads QR codes from the camera. */
export function Scanner({ onCode, label }: { readonly onCode: (code: string) => void; readonly label: string }) {
  const video = useRef<HTMLVideoElement>(null);
  const [isDenied, setDenied] = useState(false);
  const latest = useRef(onCode);
  latest.current = onCode;
  useEffect(() => {
    const sightings = new Sightings();
    let stream: MediaStream | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const detector = Detector && new Detector({ formats: ['qr_code'] });
    const look = async () => {
      // A frame that could not be read says nothing about what is in the picture.
      const codes = video.current ? await detector?.detect(video.current).catch(() => undefined) : undefined;
      const read = codes?.map(({ rawValue }) => rawValue);
      for (const code of read === undefined ? [] : sightings.look(read, performance.now())) latest.current(code);
      if (!isOver) timer = setTimeout(() => void look(), everyMs);
    };
    const start = async () => {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
      if (isOver || video.current === null) return end();
      video.current.srcObject = stream;
      await video.current.play();
      await look();
    };
    const end = () => {
      isOver = true;
      clearTimeout(timer);
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
    start().catch(() => setDenied(true));
    return end;
  }, []);
  if (isDenied) return <Notice kind="bad" head={words.value.checkIn.noCamera} />;
  return <video ref={video} class="scanner" aria-label={label} muted playsInline />;
}
