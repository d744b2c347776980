package dev.tarn.govern.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalTest {
  @TempDir Path folder;

  private static List<String> texts(Journal.Sealed sealed) throws IOException {
    return sealed.records().stream().map(bytes -> new String(bytes, UTF_8)).toList();
  }

  private static void append(Journal journal, String text) {
    journal.await(journal.append(text.getBytes(UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatWasAppendedIsThereInItsOrder(boolean sync) throws IOException {
    try (Journal journal = Journal.open("test", folder, sync)) {
      assertThat(journal.seal()).isEmpty();
      append(journal, "one");
      append(journal, "two");
      List<Journal.Sealed> first = journal.seal();
      append(journal, "three");
      List<Journal.Sealed> both = journal.seal();
      assertThat(first).hasSize(1);
      assertThat(texts(first.get(0))).containsExactly("one", "two");
      assertThat(both).hasSize(2);
      assertThat(texts(both.get(1))).containsExactly("three");
      journal.forget(both.get(0));
      assertThat(journal.seal()).containsExactly(both.get(1));
    }
  }

  @Test
  void onlyTheServerItselfReadsIt() throws IOException {
    Path own = folder.resolve("audit");
    try (Journal journal = Journal.open("test", own, false)) {
      append(journal, "one");
      Journal.Sealed sealed = journal.seal().get(0);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own)))
          .isEqualTo("rwx------");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(sealed.file())))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void aJournalThatWasNotClosedIsReadAndGoesOnUnderItsName() throws IOException {
    Journal killed = Journal.open("test", folder, false);
    append(killed, "before");
    try (Journal next = Journal.open("test", folder, false)) {
      append(next, "after");
      List<Journal.Sealed> sealed = next.seal();
      assertThat(next.identity()).isEqualTo(killed.identity());
      assertThat(sealed).hasSize(2);
      assertThat(sealed.get(0).number()).isLessThan(sealed.get(1).number());
      assertThat(texts(sealed.get(0))).containsExactly("before");
      assertThat(texts(sealed.get(1))).containsExactly("after");
    }
    killed.close();
  }

  @Test
  void numbersRiseThoughAllFilesButTheLastAreForgotten() throws IOException {
    long last;
    try (Journal journal = Journal.open("test", folder, false)) {
      append(journal, "one");
      Journal.Sealed sealed = journal.seal().get(0);
      journal.forget(sealed);
      last = sealed.number();
    }
    try (Journal journal = Journal.open("test", folder, false)) {
      append(journal, "two");
      assertThat(journal.seal()).allMatch(each -> each.number() > last);
    }
  }

  @Test
  void aFrameThatIsNotWholeEndsTheFile() throws IOException {
    try (Journal journal = Journal.open("test", folder, true)) {
      append(journal, "whole");
      append(journal, "broken");
      Journal.Sealed sealed = journal.seal().get(0);
      try (RandomAccessFile file = new RandomAccessFile(sealed.file().toFile(), "rw")) {
        file.seek(8 + "whole".length() + 8);
        file.write('X');
      }
      assertThat(texts(sealed)).containsExactly("whole");
    }
  }

  @Test
  void manyAppendAtOnceWhileFilesAreSealed() throws Exception {
    try (Journal journal = Journal.open("test", folder, true)) {
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        int thread = t;
        threads.add(
            new Thread(
                () -> IntStream.range(0, 200).forEach(i -> append(journal, thread + "-" + i))));
      }
      threads.forEach(Thread::start);
      while (threads.stream().anyMatch(Thread::isAlive)) {
        journal.seal();
      }
      List<String> all = new ArrayList<>();
      for (Journal.Sealed sealed : journal.seal()) {
        all.addAll(texts(sealed));
      }
      assertThat(all).hasSize(1600).doesNotHaveDuplicates();
      for (int t = 0; t < 8; t++) {
        String prefix = t + "-";
        assertThat(all.stream().filter(each -> each.startsWith(prefix)).toList())
            .isEqualTo(
                IntStream.range(0, 200).mapToObj(i -> prefix + i).collect(Collectors.toList()));
      }
    }
  }

  @Test
  void whoeverIsInterruptedIsRecordedAllTheSame() throws IOException {
    try (Journal journal = Journal.open("test", folder, true)) {
      Thread.currentThread().interrupt();
      append(journal, "interrupted");
      assertThat(Thread.interrupted()).isTrue();
      append(journal, "next");
      assertThat(texts(journal.seal().get(0))).containsExactly("interrupted", "next");
    }
  }

  @Test
  void whatIsLargerThanTheSpaceWrittenAheadFits() throws IOException {
    try (Journal journal = Journal.open("test", folder, false)) {
      String large = "x".repeat(3 << 20);
      append(journal, large);
      append(journal, "after");
      assertThat(texts(journal.seal().get(0))).containsExactly(large, "after");
    }
  }
}
