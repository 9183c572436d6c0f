;; Pillow's two passes over 8-bit pixels (src/libImaging/Resample.c), four sums at a time.
;;
;; A weight has 22 bits of fraction and a product of 16-bit numbers is what processors do fastest, so a weight w is
;; stored as two numbers, w = high * 2048 + low, and the two sums are joined at the end. Weights come in pairs, for two
;; neighbouring pixels each: 8 bytes with low, low, high, high (16 bits each); a last one without a neighbour is
;; followed by 0. All sums are exact. Reads and writes may pass the end of a row by up to 16 bytes.
(module
  (memory (export "memory") 1)

  ;; Sums to bytes: (high * 2048 + low + half) / 2^22, limited to 0-255.
  (func $join (param $low v128) (param $high v128) (result v128)
    (i32x4.shr_s
      (i32x4.add
        (i32x4.add (i32x4.shl (local.get $high) (i32.const 11)) (local.get $low))
        (i32x4.splat (i32.const 0x200000)))
      (i32.const 22)))

  ;; Rows of RGB pixels from $source to $result, each $columns wide. The window of a column starts at byte $starts[column]
  ;; of a row and has $pairs[column] pairs of weights, at $weights + column * $weightBytes.
  (func (export "horizontal")
    (param $source i32) (param $sourceBytes i32) (param $result i32) (param $rows i32) (param $columns i32)
    (param $starts i32) (param $pairs i32) (param $weights i32) (param $weightBytes i32)
    (local $column i32) (local $from i32) (local $weight i32) (local $end i32)
    (local $pixels v128) (local $low v128) (local $high v128)
    (loop $row
      (local.set $column (i32.const 0))
      (loop $next
        (local.set $from (i32.add (local.get $source)
          (i32.load (i32.add (local.get $starts) (i32.shl (local.get $column) (i32.const 2))))))
        (local.set $weight (i32.add (local.get $weights) (i32.mul (local.get $column) (local.get $weightBytes))))
        (local.set $end (i32.add (local.get $weight) (i32.shl
          (i32.load (i32.add (local.get $pairs) (i32.shl (local.get $column) (i32.const 2)))) (i32.const 3))))
        (local.set $low (v128.const i32x4 0 0 0 0))
        (local.set $high (v128.const i32x4 0 0 0 0))
        (loop $tap
          ;; Two pixels, r g b r g b, become r r g g b b.
          (local.set $pixels (i8x16.shuffle 0 16 3 16 1 16 4 16 2 16 5 16 16 16 16 16
            (v128.load64_zero (local.get $from)) (v128.const i32x4 0 0 0 0)))
          (local.set $low (i32x4.add (local.get $low)
            (i32x4.dot_i16x8_s (local.get $pixels) (v128.load32_splat (local.get $weight)))))
          (local.set $high (i32x4.add (local.get $high)
            (i32x4.dot_i16x8_s (local.get $pixels) (v128.load32_splat offset=4 (local.get $weight)))))
          (local.set $from (i32.add (local.get $from) (i32.const 6)))
          (local.set $weight (i32.add (local.get $weight) (i32.const 8)))
          (br_if $tap (i32.lt_u (local.get $weight) (local.get $end))))
        (local.set $pixels (call $join (local.get $low) (local.get $high)))
        (local.set $pixels (i16x8.narrow_i32x4_s (local.get $pixels) (local.get $pixels)))
        ;; The fourth byte is overwritten by the next pixel.
        (v128.store32_lane 0 (local.get $result)
          (i8x16.narrow_i16x8_u (local.get $pixels) (local.get $pixels)))
        (local.set $result (i32.add (local.get $result) (i32.const 3)))
        (local.set $column (i32.add (local.get $column) (i32.const 1)))
        (br_if $next (i32.lt_u (local.get $column) (local.get $columns))))
      (local.set $source (i32.add (local.get $source) (local.get $sourceBytes)))
      (local.set $rows (i32.sub (local.get $rows) (i32.const 1)))
      (br_if $row (local.get $rows))))

  ;; One row of $bytes bytes at $result from the rows at $source, by $pairs pairs of weights.
  (func (export "vertical")
    (param $source i32) (param $bytes i32) (param $result i32) (param $weights i32) (param $pairs i32)
    (local $end i32) (local $column i32) (local $from i32) (local $weight i32)
    (local $above v128) (local $below v128) (local $pixels v128)
    (local $low0 v128) (local $low1 v128) (local $low2 v128) (local $low3 v128)
    (local $high0 v128) (local $high1 v128) (local $high2 v128) (local $high3 v128)
    (local $weightLow v128) (local $weightHigh v128)
    (local.set $end (i32.add (local.get $weights) (i32.shl (local.get $pairs) (i32.const 3))))
    (loop $next
      (local.set $from (i32.add (local.get $source) (local.get $column)))
      (local.set $weight (local.get $weights))
      (local.set $low0 (v128.const i32x4 0 0 0 0))
      (local.set $low1 (v128.const i32x4 0 0 0 0))
      (local.set $low2 (v128.const i32x4 0 0 0 0))
      (local.set $low3 (v128.const i32x4 0 0 0 0))
      (local.set $high0 (v128.const i32x4 0 0 0 0))
      (local.set $high1 (v128.const i32x4 0 0 0 0))
      (local.set $high2 (v128.const i32x4 0 0 0 0))
      (local.set $high3 (v128.const i32x4 0 0 0 0))
      (loop $tap
        (local.set $above (v128.load (local.get $from)))
        (local.set $below (v128.load (i32.add (local.get $from) (local.get $bytes))))
        (local.set $weightLow (v128.load32_splat (local.get $weight)))
        (local.set $weightHigh (v128.load32_splat offset=4 (local.get $weight)))
        ;; Bytes of two rows alternate, then become 16-bit numbers.
        (local.set $pixels (i8x16.shuffle 0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23 (local.get $above) (local.get $below)))
        (local.set $low0 (i32x4.add (local.get $low0) (i32x4.dot_i16x8_s
          (i16x8.extend_low_i8x16_u (local.get $pixels)) (local.get $weightLow))))
        (local.set $high0 (i32x4.add (local.get $high0) (i32x4.dot_i16x8_s
          (i16x8.extend_low_i8x16_u (local.get $pixels)) (local.get $weightHigh))))
        (local.set $low1 (i32x4.add (local.get $low1) (i32x4.dot_i16x8_s
          (i16x8.extend_high_i8x16_u (local.get $pixels)) (local.get $weightLow))))
        (local.set $high1 (i32x4.add (local.get $high1) (i32x4.dot_i16x8_s
          (i16x8.extend_high_i8x16_u (local.get $pixels)) (local.get $weightHigh))))
        (local.set $pixels (i8x16.shuffle 8 24 9 25 10 26 11 27 12 28 13 29 14 30 15 31 (local.get $above) (local.get $below)))
        (local.set $low2 (i32x4.add (local.get $low2) (i32x4.dot_i16x8_s
          (i16x8.extend_low_i8x16_u (local.get $pixels)) (local.get $weightLow))))
        (local.set $high2 (i32x4.add (local.get $high2) (i32x4.dot_i16x8_s
          (i16x8.extend_low_i8x16_u (local.get $pixels)) (local.get $weightHigh))))
        (local.set $low3 (i32x4.add (local.get $low3) (i32x4.dot_i16x8_s
          (i16x8.extend_high_i8x16_u (local.get $pixels)) (local.get $weightLow))))
        (local.set $high3 (i32x4.add (local.get $high3) (i32x4.dot_i16x8_s
          (i16x8.extend_high_i8x16_u (local.get $pixels)) (local.get $weightHigh))))
        (local.set $from (i32.add (local.get $from) (i32.shl (local.get $bytes) (i32.const 1))))
        (local.set $weight (i32.add (local.get $weight) (i32.const 8)))
        (br_if $tap (i32.lt_u (local.get $weight) (local.get $end))))
      (v128.store (i32.add (local.get $result) (local.get $column))
        (i8x16.narrow_i16x8_u
          (i16x8.narrow_i32x4_s (call $join (local.get $low0) (local.get $high0)) (call $join (local.get $low1) (local.get $high1)))
          (i16x8.narrow_i32x4_s (call $join (local.get $low2) (local.get $high2)) (call $join (local.get $low3) (local.get $high3)))))
      (local.set $column (i32.add (local.get $column) (i32.const 16)))
      (br_if $next (i32.lt_u (local.get $column) (local.get $bytes))))))
