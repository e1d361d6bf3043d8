package supranational.blst;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;

/**
 * The library's own sums of many products in G1, which its Java binding does not show. They live in
 * the binding's package to reach the points' bytes; their layout is the pinned version's, the same
 * on each platform the binding has a library for.
 *
 * <p>Their time depends on the scalars: for public ones only.
 */
public final class NativeSums {
  private static final int AFFINE_LONGS = 12;
  private static final int JACOBIAN_LONGS = 18;

  private static final FunctionDescriptor SIZE =
      FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);
  private static final MethodHandle PIPPENGER_SCRATCH =
      find("blst_p1s_mult_pippenger_scratch_sizeof", SIZE);
  private static final MethodHandle PIPPENGER =
      find(
          "blst_p1s_mult_pippenger",
          FunctionDescriptor.ofVoid(
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG,
              ValueLayout.ADDRESS));
  private static final MethodHandle TABLE_BYTES =
      find(
          "blst_p1s_mult_wbits_precompute_sizeof",
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
  private static final MethodHandle PRECOMPUTE =
      find(
          "blst_p1s_mult_wbits_precompute",
          FunctionDescriptor.ofVoid(
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG));
  private static final MethodHandle TABLE_SCRATCH =
      find("blst_p1s_mult_wbits_scratch_sizeof", SIZE);
  private static final MethodHandle MULTIPLY =
      find(
          "blst_p1s_mult_wbits",
          FunctionDescriptor.ofVoid(
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG,
              ValueLayout.ADDRESS));

  private NativeSums() {}

  /**
   * The sum of points times scalars (Pippenger).
   *
   * @param points at least one
   * @param scalars as many, each little-endian and of the same length
   */
  public static P1 sum(List<P1_Affine> points, List<byte[]> scalars) {
    int scalarBytes = scalars.getFirst().length;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment result = arena.allocate(ValueLayout.JAVA_LONG, JACOBIAN_LONGS);
      long scratch = (long) PIPPENGER_SCRATCH.invokeExact((long) points.size());
      PIPPENGER.invokeExact(
          result,
          inOneRow(copied(points, arena), arena),
          (long) points.size(),
          inOneRow(joined(scalars, arena), arena),
          (long) scalarBytes * Byte.SIZE,
          arena.allocate(scratch, Long.BYTES));
      return point(result);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  /** Multiples of points that are summed up again and again, with other scalars each time. */
  public static final class Table {
    private final MemorySegment multiples;
    private final long windowBits;
    private final int points;
    private final long scratch;

    /**
     * Makes the multiples of these points.
     *
     * @param points at least one
     * @param windowBits how many bits of a scalar are read at a time; of each point half as many
     *     multiples are kept as so many bits can say
     */
    public Table(List<P1_Affine> points, int windowBits) {
      this.points = points.size();
      this.windowBits = windowBits;
      try (Arena arena = Arena.ofConfined()) {
        multiples =
            Arena.ofAuto()
                .allocate(
                    (long) TABLE_BYTES.invokeExact(this.windowBits, (long) points.size()),
                    Long.BYTES);
        PRECOMPUTE.invokeExact(
            multiples,
            this.windowBits,
            inOneRow(copied(points, arena), arena),
            (long) points.size());
        scratch = (long) TABLE_SCRATCH.invokeExact((long) points.size());
      } catch (Throwable e) {
        throw broken(e);
      }
    }

    /**
     * The sum of the points times these scalars.
     *
     * @param scalars as many, each little-endian and of the same length
     * @param bits how many bits of each scalar count
     */
    public P1 sum(List<byte[]> scalars, int bits) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment result = arena.allocate(ValueLayout.JAVA_LONG, JACOBIAN_LONGS);
        MULTIPLY.invokeExact(
            result,
            multiples,
            windowBits,
            (long) points,
            inOneRow(joined(scalars, arena), arena),
            (long) bits,
            arena.allocate(scratch, Long.BYTES));
        return point(result);
      } catch (Throwable e) {
        throw broken(e);
      }
    }
  }

  private static MemorySegment copied(List<P1_Affine> points, Arena arena) {
    MemorySegment all = arena.allocate(ValueLayout.JAVA_LONG, (long) points.size() * AFFINE_LONGS);
    long at = 0;
    for (P1_Affine point : points) {
      MemorySegment.copy(P1_Affine.getCPtr(point), 0, all, ValueLayout.JAVA_LONG, at, AFFINE_LONGS);
      at += AFFINE_LONGS * (long) Long.BYTES;
    }
    return all;
  }

  private static MemorySegment joined(List<byte[]> scalars, Arena arena) {
    int length = scalars.getFirst().length;
    MemorySegment all = arena.allocate((long) scalars.size() * length);
    long at = 0;
    for (byte[] scalar : scalars) {
      MemorySegment.copy(scalar, 0, all, ValueLayout.JAVA_BYTE, at, length);
      at += length;
    }
    return all;
  }

  /** A list of pointers whose second is null: all lie behind the first. */
  private static MemorySegment inOneRow(MemorySegment all, Arena arena) {
    MemorySegment pointers = arena.allocate(ValueLayout.ADDRESS, 2);
    pointers.setAtIndex(ValueLayout.ADDRESS, 0, all);
    return pointers;
  }

  private static P1 point(MemorySegment jacobian) {
    P1 point = new P1();
    MemorySegment.copy(jacobian, ValueLayout.JAVA_LONG, 0, P1.getCPtr(point), 0, JACOBIAN_LONGS);
    return point;
  }

  private static IllegalStateException broken(Throwable e) {
    return new IllegalStateException("the native library failed", e);
  }

  @SuppressWarnings("restricted") // What may call native code is said where the process is started.
  private static MethodHandle find(String name, FunctionDescriptor descriptor) {
    // The binding loads the library with its first point.
    if (P1.getCPtr(new P1()).length != JACOBIAN_LONGS) {
      throw new IllegalStateException("another layout of points than this code knows");
    }
    return Linker.nativeLinker()
        .downcallHandle(
            SymbolLookup.loaderLookup()
                .find(name)
                .orElseThrow(() -> new IllegalStateException("the native library has no " + name)),
            descriptor);
  }
}
